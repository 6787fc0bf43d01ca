"""What a call of an instance can come to."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

import msgspec

from liuyun.compute.output import InvocationOutput
from liuyun.errors import Phrase, Unavailable

START = 0  # the number of the first answer, which tells how the start went


class Reply(msgspec.Struct):
    """The header of a worker's answer; `status` and `headers` are there for HTTP calls only.

    `handled` is an error that the handler reported by itself. With `ends` the worker says that it takes no more calls.
    """

    id: int
    error: bool = False
    handled: bool = False
    ends: bool = False
    ms: float = 0.0
    rss_kb: int = 0
    status: int = 0
    headers: list[tuple[str, str]] = []


class Stream(Protocol):
    """The body of an answer as it comes. The call goes on until `final` says what came of it."""

    final: "asyncio.Future[Outcome]"

    async def read(self) -> bytes:
        """Empty at the end. Raises ConnectionError if it breaks off before that."""
        ...

    def close(self) -> None:
        """Nobody reads on."""
        ...


class Answered(msgspec.Struct, frozen=True):
    """The payload is empty if there is a `stream`; when that is over, the same call is answered again, without one."""

    reply: Reply
    payload: bytes
    stream: Stream | None = None


@dataclass(frozen=True, slots=True)
class TimedOut:
    memory_mb: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The process went away without an answer. `exit_code` is 128 + n after signal n.

    `lost`: somebody outside of the sandbox killed it, or it died with its zygote. Not `begun`: it was gone before
    it came to this call.
    """

    exit_code: int
    out_of_memory: bool
    memory_mb: float
    lost: bool = False
    begun: bool = True


@dataclass(frozen=True, slots=True)
class Aborted:
    """The function's owner wanted its calls to end."""

    why: Phrase
    memory_mb: float


Outcome = Answered | TimedOut | Ended | Aborted


class StartFailed(Exception):
    """No instance: the handler can't be loaded, or its initializer failed, exited or took too long."""

    def __init__(self, outcome: Outcome, instance_id: str, output: InvocationOutput) -> None:
        super().__init__(type(outcome).__name__)
        self.outcome = outcome
        self.instance_id = instance_id
        self.output = output


class FunctionNotStarted(Unavailable):
    """The command of a custom runtime came to nothing before it could take a call."""
