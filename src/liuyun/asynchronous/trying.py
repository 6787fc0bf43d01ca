"""One try of an asynchronous invocation: called, watched, called off when somebody stops it."""

import asyncio
from dataclasses import dataclass

import structlog

from liuyun.asynchronous.core.progress import Outcome
from liuyun.asynchronous.ports import Ports
from liuyun.errors import Denied, Invalid, NotFound, PlatformError, Throttled, Unsupported
from liuyun.model.asynchronous import Accepted
from liuyun.model.invocation import InvocationResult, told

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Tried:
    """`result` is there if the function ran, `error` if it didn't or failed. `called_off`: while it ran."""

    outcome: Outcome
    result: InvocationResult | None = None
    error: str = ""
    status_code: int = 200
    called_off: bool = False


class Tries:
    """The tries that are under way, by the number of their invocation."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._running: dict[int, asyncio.Future[InvocationResult]] = {}

    def call_off(self, number: int) -> None:
        """Does nothing if it is not under way."""
        if number in self._running:
            self._running[number].cancel()

    async def make(self, accepted: Accepted) -> Tried:
        call = asyncio.ensure_future(self._ports.invoke(accepted.invocation))
        self._running[accepted.number] = call
        try:
            await asyncio.wait({call})
        except asyncio.CancelledError:  # the platform is stopping, and will try again
            call.cancel()
            await asyncio.wait({call})
            raise
        finally:
            del self._running[accepted.number]
        return tried(call)


def tried(call: "asyncio.Future[InvocationResult]") -> Tried:
    if call.cancelled():
        return Tried(Outcome.THROTTLED, called_off=True)
    error = call.exception()
    if error is not None:
        return refused(error)
    result = call.result()
    if result.error_type is None:
        return Tried(Outcome.SUCCEEDED, result)
    return Tried(Outcome.FAILED, result, told(result.payload))


def refused(error: BaseException) -> Tried:
    """A fault of the platform's own must not cost an invocation its retries."""
    match error:
        case NotFound() | Invalid() | Denied() | Unsupported():
            return Tried(Outcome.IMPOSSIBLE, error=error.message, status_code=404)
        case Throttled():
            return Tried(Outcome.THROTTLED, error=error.message, status_code=429)
        case PlatformError():
            return Tried(Outcome.THROTTLED, error=error.message, status_code=503)
        case _:
            log.error("asynchronous invocation failed", exc_info=error)
            return Tried(Outcome.THROTTLED, error="the platform failed; its log says why", status_code=503)
