"""Functions of the newer API, which have a service to themselves."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest

from liuyun.catalog.changes import FunctionChanges, ServiceChanges, ZipFile
from liuyun.catalog.own_functions import Owned, OwnedChanges, find
from liuyun.errors import EtagMismatch
from liuyun.ids import SystemIds
from liuyun.storage.sqlite import MemoryDatabase
from tests.conftest import run
from tests.unit.gateway.fc.stage import ACCOUNT, package, stage

MADE = OwnedChanges(
    service=ServiceChanges(role="acs:ram::1:role/a"),
    function=FunctionChanges(runtime="python3.10", handler="index.handler", code=ZipFile(package())),
)
BOTH = OwnedChanges(service=ServiceChanges(role="acs:ram::1:role/b"), function=FunctionChanges(timeout_s=9))


class Watched(MemoryDatabase):
    """Keeps what the function is after each commit."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Awaitable[Owned]] = []

    def write(self, work: Any, /) -> Awaitable[Any]:
        written = super().write(work)
        self.seen.append(super().write(lambda tx: find(tx, ACCOUNT, "f", "")))
        return written


def test_a_change_is_one_commit(tmp_path: Path):
    """Whatever of it is the function's and whatever its service's: nobody can see or keep half of it."""

    async def main() -> None:
        db = Watched()
        async with stage(tmp_path, db=db, ids=SystemIds()) as on:
            made = await on.own_functions.create(ACCOUNT, "f", MADE)
            await asyncio.gather(*db.seen, return_exceptions=True)  # before it was there
            db.seen.clear()
            changed = await on.own_functions.update(ACCOUNT, "f", BOTH, if_match=made.etag)
            assert {owned.etag for owned in await asyncio.gather(*db.seen)} == {made.etag, changed.etag}
            assert (changed.service.role, changed.function.timeout_s) == ("acs:ram::1:role/b", 9)
            assert (changed.service.etag, changed.function.etag) != (made.service.etag, made.function.etag)

    run(main())


@pytest.mark.parametrize(
    "alone",
    [
        OwnedChanges(service=BOTH.service, function=FunctionChanges()),
        OwnedChanges(service=ServiceChanges(), function=BOTH.function),
    ],
)
def test_a_condition_is_of_both_parts(tmp_path: Path, alone: OwnedChanges):
    """Whichever of them changed since it was read, the change is refused."""

    async def main() -> None:
        async with stage(tmp_path, ids=SystemIds()) as on:
            made = await on.own_functions.create(ACCOUNT, "f", MADE)
            await on.own_functions.update(ACCOUNT, "f", alone, if_match=made.etag)
            with pytest.raises(EtagMismatch):
                await on.own_functions.update(ACCOUNT, "f", BOTH, if_match=made.etag)

    run(main())
