from base64 import b64decode, b64encode

import pytest

from liuyun.errors import InvalidTaskToken
from liuyun.model.execution import ExecutionKey
from liuyun.workflow.tokens import TaskTokens, read

KEY = ExecutionKey("1", "flow-id", "run-id")
TOKENS = TaskTokens(b"a secret")


def test_a_token_has_the_form_of_the_service():
    """Base64 of `v1#flow#execution#event#` and the base64 of a 20-byte MAC (fnf contract 2.2)."""
    text = b64decode(TOKENS.make(KEY, "order", "run-1", 5)).decode()
    assert text.startswith("v1#order#run-1#5#")
    assert len(b64decode(text.rpartition("#")[2])) == 20


def test_a_token_names_its_task_and_passes_the_check():
    """What was made here is believed here."""
    claim = read(TOKENS.make(KEY, "order", "run-1", 5))
    TOKENS.check(claim, KEY)
    assert (claim.flow_name, claim.execution_name, claim.event_id) == ("order", "run-1", 5)


@pytest.mark.parametrize(
    "other",
    [
        ExecutionKey("2", "flow-id", "run-id"),
        ExecutionKey("1", "new-flow", "run-id"),
        ExecutionKey("1", "flow-id", "x"),
    ],
)
def test_a_token_is_for_one_execution_only(other: ExecutionKey):
    """Not for another account, nor for a namesake made after its flow was deleted."""
    with pytest.raises(InvalidTaskToken):
        TOKENS.check(read(TOKENS.make(KEY, "order", "run-1", 5)), other)


def test_a_token_of_another_event_can_not_be_made_from_one():
    """The event is part of what is signed."""
    forged = b64decode(TOKENS.make(KEY, "order", "run-1", 5)).replace(b"#5#", b"#6#")
    with pytest.raises(InvalidTaskToken):
        TOKENS.check(read(b64encode(forged).decode()), KEY)


@pytest.mark.parametrize(
    "garbage",
    ["", "hello", "tok=/+ A", "djEj", b64encode(b"v1#a#b#x#AAAA").decode(), b64encode(b"v2#a#b#1#AAAA").decode(),
     b64encode(b"\xff\xfe").decode(), "A" * 5000, b64encode(b"v1#a#b#1#@@").decode(), b64encode(b"v1#a#b#1").decode()],
)  # fmt: skip
def test_garbage_is_refused(garbage: str):
    """Whatever a client sends, the answer is InvalidTaskToken."""
    with pytest.raises(InvalidTaskToken):
        read(garbage)
