"""Where an account of an invocation's end goes, and what it says. Source: fc contract 4.3.

Region and account in a name may be anything: destinations are of the invocation's own account and on this platform.
"""

import json
import re
from dataclasses import dataclass

from liuyun.asynchronous.core.progress import Condition, Finish
from liuyun.errors import Invalid, Unsupported
from liuyun.model.asynchronous import Accepted, AsyncConfig
from liuyun.model.function import is_own, own_service

LONGEST = 512
NAME = r"[A-Za-z_][\w-]{0,127}"
FUNCTION = re.compile(
    rf"acs:fc:[^:]*:[^:]*:(?:services/(?P<service>{NAME})(?:\.(?P<version>[\w-]+))?/functions/(?P<function>{NAME})"
    rf"|functions/(?P<own>{NAME})(?:/(?P<own_version>[\w-]+))?)"
)
MESSAGES = re.compile(
    r"acs:mns:[^:]*:[^:]*:/?(?P<kind>queues|topics)/(?P<name>[A-Za-z0-9][A-Za-z0-9-]{0,255})(?:/messages)?"
)
FUNCTION_BYTES, MESSAGE_BYTES = 128 * 1024, 64 * 1024  # the most that a destination takes


@dataclass(frozen=True, slots=True)
class FunctionTarget:
    service: str
    function: str
    qualifier: str


@dataclass(frozen=True, slots=True)
class QueueTarget:
    name: str


@dataclass(frozen=True, slots=True)
class TopicTarget:
    name: str


Target = FunctionTarget | QueueTarget | TopicTarget


def parse(text: str) -> Target:
    """Raises Invalid for what is no destination, Unsupported for one of a kind that isn't offered here."""
    if len(text) > LONGEST:
        raise Invalid(f"a destination has at most {LONGEST} characters, but this one has {len(text)}")
    if function := FUNCTION.fullmatch(text):
        if function["own"]:
            return FunctionTarget(own_service(function["own"]), function["own"], function["own_version"] or "")
        return FunctionTarget(function["service"], function["function"], function["version"] or "")
    if messages := MESSAGES.fullmatch(text):
        return QueueTarget(messages["name"]) if messages["kind"] == "queues" else TopicTarget(messages["name"])
    forms = (
        "acs:fc:REGION:ACCOUNT:functions/FUNCTION, "
        "acs:fc:REGION:ACCOUNT:services/SERVICE.QUALIFIER/functions/FUNCTION, "
        "acs:mns:REGION:ACCOUNT:/queues/QUEUE/messages or acs:mns:REGION:ACCOUNT:/topics/TOPIC/messages"
    )
    if re.match(r"acs:(?!fc:|mns:)[a-z-]+:", text):
        raise Unsupported(f"the destination '{text[:120]}' is of a kind that isn't offered here; use {forms}")
    raise Invalid(f"'{text[:120]}' is not a destination; write {forms}")


def destination_of(config: AsyncConfig, finish: Finish) -> str:
    """Nobody is told of an invocation that somebody stopped: who stopped it knows."""
    match finish.condition:
        case Condition.SUCCESS:
            return config.on_success
        case Condition.STOPPED:
            return ""
        case _:
            return config.on_failure


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of the last try."""

    finish: Finish
    status_code: int = 0
    function_error: str = ""
    payload: bytes = b""
    tries: int = 0


def event(accepted: Accepted, ended: Ended, *, region: str, now: int, limit: int) -> bytes:
    """The account of an end, in `limit` bytes at most: payloads are cut short if they must be."""
    whole = document(accepted, ended, region=region, now=now, longest=limit)
    return whole if len(whole) <= limit else document(accepted, ended, region=region, now=now, longest=limit // 16)


def document(accepted: Accepted, ended: Ended, *, region: str, now: int, longest: int) -> bytes:
    account = {
        "timestamp": now,
        "requestContext": {
            "requestId": accepted.invocation.request_id,
            "functionArn": function_arn(accepted, region),
            "condition": ended.finish.condition.value,
            "approximateInvokeCount": ended.tries,
        },
        "requestPayload": text(accepted.invocation.payload, longest),
        "responseContext": {"statusCode": ended.status_code, "functionError": ended.function_error},
        "responsePayload": text(ended.payload, longest),
    }
    return json.dumps(account, ensure_ascii=False, separators=(",", ":")).encode()


def text(payload: bytes, longest: int) -> str:
    return payload[: longest * 4].decode(errors="replace")[:longest]


def function_arn(accepted: Accepted, region: str) -> str:
    call = accepted.invocation
    qualifier = call.qualifier or "LATEST"
    if is_own(call.service):
        return f"acs:fc:{region}:{call.account_id}:functions/{call.function}/{qualifier}"
    return f"acs:fc:{region}:{call.account_id}:services/{call.service}.{qualifier}/functions/{call.function}"
