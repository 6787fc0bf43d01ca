"""Writes whose consequences are drawn even if nobody waits for them any more."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from liuyun.storage.database import Database, Work

T = TypeVar("T")
R = TypeVar("R")


class Step(msgspec.Struct, Generic[T, R]):
    """A unit of work and its consequences.

    `conclude` makes of what `work` returned what is answered, right after the commit, whether somebody waits for it or
    not; steps are concluded in the order of their commits. `undo` hears of an answer that nobody is there to take.
    """

    work: Work[T]
    conclude: Callable[[T], R]
    undo: Callable[[R], None] | None = None


def begin(db: Database, step: Step[T, R], then: Callable[[R | Exception], object]) -> None:
    """`then` is told what it came to: its answer, or what went wrong. Raises Unavailable if the database is closed."""

    def conclude(came_to: T | Exception) -> None:
        if isinstance(came_to, Exception):
            then(came_to)
            return
        try:
            answer = step.conclude(came_to)
        except Exception as error:  # noqa: BLE001 - it is told
            then(error)
        else:
            then(answer)

    db.begin(step.work, conclude)


async def commit(db: Database, step: Step[T, R]) -> R:
    """Its answer; concluded also when the caller is cancelled meanwhile."""
    answered: asyncio.Future[R] = asyncio.get_running_loop().create_future()

    def tell(came_to: R | Exception) -> None:
        if answered.done():
            if step.undo is not None and not isinstance(came_to, Exception):
                step.undo(came_to)
        elif isinstance(came_to, Exception):
            answered.set_exception(came_to)
        else:
            answered.set_result(came_to)

    begin(db, step, tell)
    try:
        return await answered
    except asyncio.CancelledError:
        if not answered.cancelled() and answered.exception() is None:  # it came too late
            tell(answered.result())
        raise
