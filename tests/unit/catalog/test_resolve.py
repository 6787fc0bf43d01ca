"""From names to the function that runs."""

import asyncio
from pathlib import Path
from typing import Any

from liuyun.storage.sqlite import MemoryDatabase
from tests.conftest import run
from tests.unit.gateway.fc.stage import ACCOUNT, stage


class SlowReads(MemoryDatabase):
    """Holds back the answers of reads until the test lets them go."""

    gate: asyncio.Event | None = None

    def read(self, work: Any) -> Any:
        result = super().read(work)
        gate = self.gate
        if gate is None:
            return result

        async def later() -> Any:
            await gate.wait()
            return await result

        return later()


def test_what_is_known_costs_no_query(tmp_path: Path):
    """A function that was called before is found without the database."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            on.resolver.forget(ACCOUNT, "s", "f")
            first = await on.resolver.resolve(ACCOUNT, "s", "", "f")
            await on.db.close()
            assert await on.resolver.resolve(ACCOUNT, "s", "", "f") is first
            on.db = MemoryDatabase()  # to close in peace
            on.logs._db = on.db

    run(main())


def test_what_was_deployed_is_known_before_its_first_call(tmp_path: Path):
    """As it is now, be it new or changed."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            assert on.resolver.at_hand(ACCOUNT, "s", "", "f") is not None
            await on.call("PUT", "/services/s/functions/f", {"timeout": 9})
            changed = on.resolver.at_hand(ACCOUNT, "s", "", "f")
            assert changed is not None
            assert changed.function.timeout_s == 9

    run(main())


def test_an_old_answer_is_not_used(tmp_path: Path):
    """A read that a change overtook is made again: nobody is sent to what has been replaced."""

    async def main() -> None:
        db = SlowReads()
        async with stage(tmp_path, db=db) as on:
            await on.deploy()
            on.resolver.forget(ACCOUNT, "s", "f")
            gate = asyncio.Event()
            db.gate = gate
            reading = asyncio.create_task(on.resolver.resolve(ACCOUNT, "s", "", "f"))
            await asyncio.sleep(0)
            db.gate = None
            await on.call("PUT", "/services/s/functions/f", {"timeout": 9})
            gate.set()
            assert (await reading).function.timeout_s == 9
            assert (await on.resolver.resolve(ACCOUNT, "s", "", "f")).function.timeout_s == 9

    run(main())


def test_an_http_trigger_changes_the_revision(tmp_path: Path):
    """Instances that call the handler in one way aren't used for the other."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            before = await on.resolver.resolve(ACCOUNT, "s", "", "f")
            await on.http_trigger()
            after = await on.resolver.resolve(ACCOUNT, "s", "", "f")
            assert (before.is_http, after.is_http) == (False, True)
            assert before.revision != after.revision
            assert len(on.replaced) == 1

    run(main())
