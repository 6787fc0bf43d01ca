"""Writes whose consequences are drawn even if nobody waits for them any more."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from liuyun.storage.database import Database, Work

T = TypeVar("T")


async def commit(db: Database, work: Work[T], then: Callable[[T], None]) -> T:
    """The result of `work`. `then` sees it right after the commit, also when the caller was cancelled meanwhile.

    Results of one database are seen in the order of their commits, and before the callers go on.
    """
    unit = asyncio.ensure_future(db.write(work))
    if unit.done():
        conclude(then, unit)
    else:
        unit.add_done_callback(partial(conclude, then))
    return await asyncio.shield(unit)


def conclude(then: Callable[[T], None], unit: "asyncio.Future[T]") -> None:
    if not unit.cancelled() and unit.exception() is None:
        then(unit.result())
