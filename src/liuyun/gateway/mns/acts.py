"""What an operation does, if that is one step: what is committed, and how its answer is said."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from liuyun.gateway.http import Response
from liuyun.gateway.mns.call import Call
from liuyun.model.message import Queue
from liuyun.storage.commits import Step


class Act(msgspec.Struct, frozen=True):
    """`render` may raise what is to be answered instead. `waits`: where there is nothing, something may come yet."""

    step: Step[Any, Any]
    render: Callable[[Any], Response]
    waits: bool = False


Acting = Callable[[Call, Queue], Act | None]  # None: it isn't one step this time


def awaited(acting: Callable[[Call, Queue], Act]) -> Callable[[Call], Awaitable[Response]]:
    """The same as a handler that waits for the commit."""

    async def handle(call: Call) -> Response:
        act = acting(call, await call.queue())
        return act.render(await call.messaging.commit(act.step))

    return handle
