"""Answers that come late, and go only to those who may still ask then."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from liuyun.gateway.console.guard import Caller, role_now
from liuyun.gateway.console.parts import Parts

T = TypeVar("T")
LOOK_MS = 2_000


async def while_known(caller: Caller, parts: Parts, work: Awaitable[T]) -> T:
    """The result of `work`. Raises Unauthenticated, within two seconds, if the caller's session or key ends before."""
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            look = asyncio.ensure_future(parts.clock.sleep(LOOK_MS))
            try:
                await asyncio.wait({task, look}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                look.cancel()
            await role_now(caller, parts)
        return task.result()
    finally:
        task.cancel()
