"""Sees every invocation: one record each, appended to a list, which somebody takes away now and then.

All that is worked out of records happens then, and not while a caller waits for its answer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from liuyun.clock import Clock
from liuyun.errors import PlatformError, Throttled
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.model.record import InvocationRecord, Outcome

Then = Callable[[InvocationResult | Exception], None]
MOST = 100_000  # records that wait to be taken; further ones are counted and lost


class Begun(Protocol):
    def abandon(self) -> None: ...


def never(_: Invocation, __: Then) -> None:
    """Each call needs a task."""


class Observer:
    """`noted` is called as there begin to be records to take."""

    def __init__(
        self,
        *,
        invoke: Callable[[Invocation], Awaitable[InvocationResult]],
        begin: Callable[[Invocation, Then], Begun | None] = never,
        clock: Clock,
        most: int = MOST,
    ) -> None:
        self._invoke = invoke
        self._begin = begin
        self._clock = clock
        self._most = most
        self._records: list[InvocationRecord] = []
        self.lost = 0
        self.noted: Callable[[], object] = lambda: None

    async def invoke(self, invocation: Invocation) -> InvocationResult:
        """What it wraps, seen."""
        began = self._clock.now()
        try:
            result = await self._invoke(invocation)
        except PlatformError as error:
            self._note(invocation, began, refusal(error), type(error).__name__)
            raise
        except asyncio.CancelledError:
            self._note(invocation, began, Outcome.CANCELLED)
            raise
        self._note(invocation, began, Outcome.OK if result.error_type is None else Outcome.ERROR, "", result)
        return result

    def begin(self, invocation: Invocation, then: Then) -> Callable[[], object] | None:
        """What it wraps, seen: a call without a task, and how to give it up; None if it needs one."""
        began = self._clock.now()

        def ended(came_to: InvocationResult | Exception) -> None:
            if isinstance(came_to, InvocationResult):
                outcome = Outcome.OK if came_to.error_type is None else Outcome.ERROR
                self._note(invocation, began, outcome, "", came_to)
            elif isinstance(came_to, PlatformError):
                self._note(invocation, began, refusal(came_to), type(came_to).__name__)
            then(came_to)

        call = self._begin(invocation, ended)
        if call is None:
            return None

        def abandon() -> None:
            call.abandon()
            self._note(invocation, began, Outcome.CANCELLED)

        return abandon

    def take(self) -> list[InvocationRecord]:
        """The records since the last time."""
        taken, self._records = self._records, []
        return taken

    def _note(
        self,
        call: Invocation,
        began: int,
        outcome: Outcome,
        error: str = "",
        result: InvocationResult | None = None,
    ) -> None:
        if len(self._records) >= self._most:
            self.lost += 1
            return
        if not self._records:
            self.noted()
        self._records.append(
            InvocationRecord(
                call.account_id,
                call.service,
                call.function,
                call.qualifier,
                call.request_id,
                call.source,
                call.trigger,
                call.caused_at,
                call.retry_count,
                began,
                self._clock.now(),
                outcome,
                error if result is None else result.error_type or "",
                "" if result is None else result.version_id,
                "" if result is None else result.instance_id,
                0.0 if result is None else result.duration_ms,
                0.0 if result is None else result.memory_mb,
                False if result is None else result.cold_start,
                call.traceparent,
            )
        )


def refusal(error: PlatformError) -> Outcome:
    return Outcome.THROTTLED if isinstance(error, Throttled) else Outcome.REFUSED
