"""What asynchronous invocations need of the other services. None of them is known here by name."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from liuyun.model.asynchronous import AsyncConfig
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.storage.database import Work


class Send(Protocol):
    """Puts a message into a queue of an account; `along` commits with it."""

    def __call__(
        self, account_id: str, name: str, body: str, /, *, along: Work[None] | None = None
    ) -> Awaitable[object]: ...


@dataclass(frozen=True, slots=True)
class Ports:
    """`resolve` and `configure` take account, service, qualifier and function; `publish` account, topic and body.

    `configure` answers from memory.
    """

    invoke: Callable[[Invocation], Awaitable[InvocationResult]]
    resolve: Callable[[str, str, str, str], Awaitable[object]]
    configure: Callable[[str, str, str, str], AsyncConfig]
    send: Send
    publish: Callable[[str, str, str], Awaitable[object]]
