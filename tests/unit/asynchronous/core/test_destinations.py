"""Where an account of an end goes, and what it says."""

import json
from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from liuyun.asynchronous.core.destinations import (
    Ended,
    FunctionTarget,
    QueueTarget,
    Target,
    TopicTarget,
    destination_of,
    event,
    parse,
)
from liuyun.asynchronous.core.progress import STOPPED, TOO_OLD, Condition, Finish
from liuyun.errors import Invalid, Unsupported
from liuyun.model.asynchronous import Accepted, AsyncConfig, TaskStatus
from liuyun.model.invocation import Invocation

SUCCEEDED = Finish(TaskStatus.SUCCEEDED, Condition.SUCCESS)
FAILED = Finish(TaskStatus.FAILED, Condition.RETRIES_EXHAUSTED)
CALL = Invocation("42", "s", "f", b'{"a":1}', "r1", "prod")
ACCEPTED = Accepted(invocation=CALL, invocation_id="r1", config=AsyncConfig(), enqueued_at=0)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("acs:fc:cn-hangzhou:42:services/s.prod/functions/f", FunctionTarget("s", "f", "prod")),
        ("acs:fc:::services/s/functions/f", FunctionTarget("s", "f", "")),
        ("acs:fc:cn-hangzhou:42:functions/f", FunctionTarget("@f", "f", "")),
        ("acs:fc:cn-hangzhou:42:functions/f/prod", FunctionTarget("@f", "f", "prod")),
        ("acs:mns:cn-hangzhou:42:/queues/q-1/messages", QueueTarget("q-1")),
        ("acs:mns:cn-hangzhou:42:/topics/t/messages", TopicTarget("t")),
    ],
)
def test_destinations_in_the_vendors_names(text: str, target: Target) -> None:
    """Functions of either kind, queues and topics."""
    assert parse(text) == target


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("acs:eventbridge:cn-hangzhou:42:eventbus/default", Unsupported),
        ("acs:mq:cn-hangzhou:42:/instances/i/topics/t", Unsupported),
        ("acs:fc:cn-hangzhou:42:functions/@f", Invalid),
        ("http://example.com/", Invalid),
        ("acs:mns:cn-hangzhou:42:/queues/../messages", Invalid),
        ("x" * 600, Invalid),
    ],
)
def test_what_is_no_destination_here(text: str, error: type[Exception]) -> None:
    """Another kind, another form, no end."""
    with pytest.raises(error):
        parse(text)


def test_who_is_told_of_which_end() -> None:
    """Success and failure have a destination each; of what somebody stopped nobody is told."""
    config = AsyncConfig(on_success="good", on_failure="bad")
    ends = {finish: destination_of(config, finish) for finish in (SUCCEEDED, FAILED, TOO_OLD, STOPPED)}
    assert ends == {SUCCEEDED: "good", FAILED: "bad", TOO_OLD: "bad", STOPPED: ""}


def test_the_account_of_an_end() -> None:
    """In the contract's form: who was called with what, how often, and what came of it."""
    ended = Ended(FAILED, 200, "UnhandledInvocationError", b'{"errorMessage":"boom"}', 3)
    account = json.loads(event(ACCEPTED, ended, region="cn-hangzhou", now=1234, limit=64_000))
    assert account == {
        "timestamp": 1234,
        "requestContext": {
            "requestId": "r1",
            "functionArn": "acs:fc:cn-hangzhou:42:services/s.prod/functions/f",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        },
        "requestPayload": '{"a":1}',
        "responseContext": {"statusCode": 200, "functionError": "UnhandledInvocationError"},
        "responsePayload": '{"errorMessage":"boom"}',
    }


def test_the_name_of_a_function_without_a_service() -> None:
    """It has none in the account either."""
    own = replace(ACCEPTED, invocation=changed(CALL, service="@f", qualifier=""))
    account = json.loads(event(own, Ended(SUCCEEDED), region="r", now=0, limit=64_000))
    assert account["requestContext"]["functionArn"] == "acs:fc:r:42:functions/f/LATEST"


def test_an_account_fits_where_it_goes() -> None:
    """Payloads are cut short, however many bytes a character takes once it is escaped."""
    big = replace(ACCEPTED, invocation=changed(CALL, payload=b"\x01" * 100_000))
    account = event(big, Ended(SUCCEEDED, 200, "", "\u4e91".encode() * 50_000), region="r", now=0, limit=65_536)
    assert len(account) <= 65_536
    assert json.loads(account)["responsePayload"].startswith("\u4e91" * 4000)
