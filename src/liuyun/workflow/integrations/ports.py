"""The services that tasks use, as callables that the composition root hands in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from liuyun.errors import PlatformError
from liuyun.model.invocation import Invocation, InvocationResult


class Receipt(Protocol):
    @property
    def message_id(self) -> str: ...

    @property
    def body_md5(self) -> str: ...


class Publish(Protocol):
    def __call__(
        self, account_id: str, topic: str, body: str, /, *, tag: str, attributes: Mapping[str, Any] | None
    ) -> Awaitable[Receipt]: ...


class Send(Protocol):
    """`priority` and `delay_s` are None where the task doesn't say: the queue's own defaults."""

    def __call__(
        self, account_id: str, queue: str, body: str, /, *, priority: int | None, delay_s: int | None
    ) -> Awaitable[Receipt]: ...


Invoke = Callable[[Invocation], Awaitable[InvocationResult]]
# The same without a task: how to give it up; None if it needs one. What `invoke` would come to is told.
BeginInvoke = Callable[[Invocation, Callable[[InvocationResult | Exception], None]], Callable[[], object] | None]
Explain = Callable[[PlatformError], tuple[int, str]]  # the status and code by which the service's own API reports it


def never(_: Invocation, __: Callable[[InvocationResult | Exception], None]) -> None:
    """Each call needs a task."""


@dataclass(frozen=True, slots=True)
class Ports:
    """A refusal reaches a flow by the code that the service's own API uses, so each service explains its own."""

    invoke: Invoke
    explain_function: Explain
    publish: Publish
    send: Send
    explain_message: Explain
    begin_invoke: BeginInvoke = never
