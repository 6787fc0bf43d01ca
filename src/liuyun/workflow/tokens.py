"""Task tokens: who holds one may report about one task, once.

The form is the service's own (fnf contract 2.2): base64 of `v1#flow#execution#event#base64(MAC of 20 bytes)`, where the
event is the one that scheduled the task. The MAC covers the id of the execution as well, so that a token of a deleted
flow says nothing to a new flow of the same name.
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from dataclasses import dataclass

from liuyun.errors import InvalidTaskToken
from liuyun.model.execution import ExecutionKey

MAC_BYTES = 20
MAX_CHARACTERS = 1024


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token says, believed only after `TaskTokens.check`."""

    flow_name: str
    execution_name: str
    event_id: int
    mac: bytes


class TaskTokens:
    def __init__(self, key: bytes) -> None:
        self._key = key

    def make(self, key: ExecutionKey, flow_name: str, execution_name: str, event_id: int) -> str:
        mac = b64encode(self._mac(key, event_id)).decode()
        return b64encode(f"v1#{flow_name}#{execution_name}#{event_id}#{mac}".encode()).decode()

    def check(self, claim: Claim, key: ExecutionKey) -> None:
        """Raises InvalidTaskToken unless the token was made here for an event of this execution."""
        if not hmac.compare_digest(claim.mac, self._mac(key, claim.event_id)):
            raise invalid()

    def _mac(self, key: ExecutionKey, event_id: int) -> bytes:
        text = f"{key.account_id}#{key.flow_id}#{key.execution_id}#{event_id}"
        return hmac.digest(self._key, text.encode(), hashlib.sha256)[:MAC_BYTES]


def read(token: str) -> Claim:
    """Raises InvalidTaskToken if the text can't be a token."""
    try:
        if len(token) > MAX_CHARACTERS:
            raise invalid()
        version, flow_name, execution_name, event_id, mac = b64decode(token, validate=True).decode().split("#")
        if version != "v1" or not (event_id.isascii() and event_id.isdigit() and len(event_id) < 10):
            raise invalid()
        return Claim(flow_name, execution_name, int(event_id), b64decode(mac, validate=True))
    except ValueError:  # of base64, UTF-8 or the number of parts
        raise invalid() from None


def invalid() -> InvalidTaskToken:
    return InvalidTaskToken(
        "task_token_unknown",
        "Parameter error. TaskToken is not one that this platform gave to a task; pass it on as it was received.",
    )
