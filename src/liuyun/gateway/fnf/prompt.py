"""Operations that begin at once, without a task: those by which nearly all executions are started and waited for.

What they need from memory and don't find takes the long way, by the handler of the same name, which comes to the same.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from liuyun.gateway.failing import Renderer, failed
from liuyun.gateway.fnf.answers import answer
from liuyun.gateway.fnf.call import Call
from liuyun.gateway.fnf.handlers.executions import (
    begun_body,
    execution_body,
    start_of,
    sync_body,
    sync_start_of,
    wait_of,
)
from liuyun.gateway.http import Request, Response

Show = Callable[[Any], dict[str, Any]]  # what the workflow service answers, as the body of an answer
Tell = Callable[[Show, Any], None]  # an answer of the workflow service, or an exception
Abandon = Callable[[], object]
Begin = Callable[[Call, Tell], Abandon | None]  # None: it needs a task

SHORT_BYTES = 64 * 1024  # of a body; reading longer ones would keep the others waiting


def start_execution(call: Call, tell: Tell) -> Abandon | None:
    then = partial(tell, begun_body)
    begins = call.services.executions.begin_start(call.account_id, **start_of(call.parameters), then=then)
    return forget if begins else None


def start_sync_execution(call: Call, tell: Tell) -> Abandon | None:
    then = partial(tell, sync_body)
    return call.services.executions.begin_start_sync(call.account_id, **sync_start_of(call.parameters), then=then)


def describe_execution(call: Call, tell: Tell) -> Abandon | None:
    then = partial(tell, execution_body)
    return call.services.executions.begin_describe(call.account_id, **wait_of(call.parameters), then=then)


PROMPT: dict[str, Begin] = {
    "StartExecution": start_execution,
    "StartSyncExecution": start_sync_execution,
    "DescribeExecution": describe_execution,
}


class PromptCall:
    """One of them, until it is answered."""

    __slots__ = ("_abandon", "_answer", "_over", "_renderer", "_request")

    def __init__(self, renderer: Renderer, request: Request, answer: Callable[[Response], None]) -> None:
        self._renderer = renderer
        self._request = request
        self._answer = answer
        self._over = False
        self._abandon: Abandon = forget

    def begin(self, begin: Begin, call: Call) -> bool:
        """False if it needs a task."""
        abandon = begin(call, self._tell)
        if abandon is None:
            return False
        if not self._over and self._request.when_gone is not None:
            self._abandon = abandon
            self._request.when_gone(self._gone)
        return True

    def fail(self, error: Exception) -> None:
        self._over = True
        self._answer(failed(self._renderer, self._request, error))

    def _tell(self, show: Show, outcome: Any) -> None:
        if self._over:
            return
        if isinstance(outcome, Exception):
            self.fail(outcome)
            return
        try:
            response = answer(200, {"RequestId": self._request.request_id, **show(outcome)})
        except Exception as error:  # noqa: BLE001 - whoever waits has to be answered
            self.fail(error)
        else:
            self._over = True
            self._answer(response)

    def _gone(self) -> None:
        self._over = True
        self._abandon()


def forget() -> None:
    """What was asked for happens, whether or not its client is there."""
