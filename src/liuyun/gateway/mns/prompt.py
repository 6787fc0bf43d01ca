"""Requests that are answered without a task: what they ask for is one step, and its commit tells of it."""

from collections.abc import Callable
from typing import Any

import msgspec

from liuyun.gateway.failing import Renderer, failed
from liuyun.gateway.http import QUERY, Request, Response
from liuyun.gateway.mns.acts import Act
from liuyun.gateway.mns.query import Query
from liuyun.gateway.mns.routes import Operation, route
from liuyun.identity.signatures import mns
from liuyun.identity.signatures.signed import Signed

ASKED, CLAIM = "asked", "claim"  # in the memory of heads of one kind: whether it may is asked each time


class Asked(msgspec.Struct, frozen=True):
    """`names` are those in the path."""

    operation: Operation
    names: tuple[str, ...]
    query: Query


def asked(request: Request) -> Asked:
    """What its method, path and query ask for. Raises InvalidAddress or InvalidQuery."""
    memory = request.memory if QUERY not in request.varied else None
    found: Asked | None = None if memory is None else memory.get(ASKED)
    if found is None:
        query = Query(request.query)
        found = Asked(*route(request.method, request.path, query), query)
        if memory is not None:
            memory[ASKED] = found
    return found


def claim(request: Request) -> Signed:
    """Who says that it is from them. Raises MissingCredentials, MalformedCredentials, MissingDate or InvalidDate."""
    memory = request.memory if not request.varied else None
    found: Signed | None = None if memory is None else memory.get(CLAIM)
    if found is None:
        found = mns.read(request.method, request.target, request.headers.raw)
        if memory is not None:
            memory[CLAIM] = found
    return found


class Prompt:
    """One of them, until it is answered, or goes the long way to wait. `dress` gives an answer its headers."""

    __slots__ = ("_act", "_answer", "_dress", "_is_gone", "_product", "_request")

    def __init__(
        self,
        product: Renderer,
        request: Request,
        answer: Callable[[Response | None], None],
        dress: Callable[[Response, Request], Response],
    ) -> None:
        self._product = product
        self._request = request
        self._answer = answer
        self._dress = dress
        self._is_gone = False

    def begin(self, act: Act, begin: Callable[..., None]) -> None:
        self._act = act
        if self._request.when_gone is not None and act.step.undo is not None:
            self._request.when_gone(self._leave)
        begin(act.step, self._ended)

    def _leave(self) -> None:
        self._is_gone = True

    def _ended(self, came_to: Any) -> None:
        if isinstance(came_to, Exception):
            self.fail(came_to)
            return
        if self._is_gone and self._act.step.undo is not None:
            self._act.step.undo(came_to)
            return
        if self._act.waits and not came_to:
            self._answer(None)
            return
        try:
            self._answer(self._dress(self._act.render(came_to), self._request))
        except Exception as error:  # noqa: BLE001 - what nobody expected is logged
            self.fail(error)

    def fail(self, error: Exception) -> None:
        self._answer(failed(self._product, self._request, error))
