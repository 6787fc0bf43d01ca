"""Calls that begin at once, without a task: the same as `invoking.py` and `http_triggers.py` do, for what is common.

Whatever needs more than an instance that is free (a trigger that must be looked up, a body that is still on its way, an
asynchronous call) takes the long way, which comes to the same.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from liuyun.catalog.resolve import Resolver
from liuyun.gateway.failing import Renderer, failed
from liuyun.gateway.fc.call import BeginCall
from liuyun.gateway.fc.http_answers import response
from liuyun.gateway.fc.http_triggers import http_call, http_call_again, rewritten
from liuyun.gateway.fc.invoking import event_answer
from liuyun.gateway.http import QUERY, Request, Response
from liuyun.identity.signatures.signed import Signed
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.triggers.http import ANONYMOUS

SHORT_BYTES = 64 * 1024
ASKS_MORE = frozenset({"x-fc-invocation-type", "expect", "upgrade"})
MEANT, OWN = ASKS_MORE | {"host", "x-forwarded-proto"}, "x-fc-"  # headers that say what is called, and how


class Plan(msgspec.Struct, frozen=True):
    """What a request's head asks for, if that is no more than a call: found out once for as long as its client sends
    heads of the same kind. Whether it may is asked each time.
    """

    by_url: bool  # of an HTTP trigger
    invocation: Invocation  # but for its payload and request id
    facts: dict[str, Any]  # that the request has from it
    claim: Signed | None = None  # who sends it; None: nobody says so, or the body is part of what was signed
    varied: Sequence[str] = ()  # of the request that it was made of


def suits(plan: Plan, request: Request) -> bool:
    """Whether a plan is of use for another request with a head of the same kind."""
    meant = [name for name in request.varied if name in MEANT or name.startswith(OWN)]
    return not meant and (plan.by_url or QUERY not in request.varied)  # an URL's query is the function's own


def adapted(plan: Plan, request: Request) -> Plan:
    """For the same, with what differs. Raises what an HTTP call does that is too large."""
    traceparent = request.headers.get("traceparent")
    if not plan.by_url:
        return replace(plan, invocation=replace(plan.invocation, traceparent=traceparent), claim=None)
    rest = plan.facts["match"].names.get("rest", "/")
    called = replace(
        plan.invocation,
        http=http_call_again(plan.invocation.http, request) or http_call(request, rest),
        target=rewritten(request, rest),
        traceparent=traceparent,
    )
    return replace(plan, invocation=called)


def is_plain(request: Request, most_bytes: int) -> bool:
    """Whether a request asks for no more than a call, with the body that is here."""
    body = request.whole
    return body is not None and len(body) <= min(SHORT_BYTES, most_bytes) and request.headers.has_none_of(ASKS_MORE)


def is_open_at_hand(resolver: Resolver, called: Invocation, method: str) -> bool:
    """Whether it is known that the function's HTTP trigger lets anybody pass."""
    trigger = resolver.http_trigger_at_hand(called.account_id, called.service, called.qualifier, called.function)
    if trigger is None:
        return False
    config = trigger.config
    return config["authType"] == ANONYMOUS and method in config["methods"] and not config.get("disableURLInternet")


class PromptCall:
    """One of them, until it is answered."""

    __slots__ = ("_answer", "_by_url", "_product", "_request")

    def __init__(self, product: Renderer, request: Request, answer: Callable[[Response], None]) -> None:
        self._product = product
        self._request = request
        self._answer = answer

    def begin(self, plan: Plan, account_id: str, begin: BeginCall) -> bool:
        """False if it can't begin at once."""
        request = self._request
        request.body = request.whole or b""
        self._by_url = plan.by_url
        called = replace(plan.invocation, account_id=account_id, payload=request.body, request_id=request.request_id)
        abandon = begin(called, self._ended)
        if abandon is None:
            return False
        if request.when_gone is not None:
            request.when_gone(abandon)
        return True

    def _ended(self, came_to: InvocationResult | Exception) -> None:
        if isinstance(came_to, Exception):
            self.fail(came_to)
            return
        try:
            answer = response(came_to, self._request) if self._by_url else event_answer(came_to)
            self._answer(answer)
        except Exception as error:  # noqa: BLE001 - what nobody expected is logged
            self.fail(error)

    def fail(self, error: Exception) -> None:
        self._answer(failed(self._product, self._request, error))
