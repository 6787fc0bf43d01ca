import asyncio

import pytest

from liuyun.model.execution import ExecutionKey
from liuyun.storage.database import Transaction
from liuyun.storage.sqlite import MemoryDatabase
from liuyun.storage.stores import executions as store
from liuyun.storage.stores.executions import Advance, EffectRow

KEY = ExecutionKey("1", "flow", "run")


@pytest.mark.parametrize("waiting", [[1], [], [1, 3]])
def test_the_effect_that_follows_takes_the_place_of_the_answered_one(waiting: list[int]):
    """It is there also if that one had gone already, and others stay."""

    def unit(tx: Transaction) -> list[int]:
        store.add(tx, KEY, Advance(0, 0, "", effects=[EffectRow(event_id, "old") for event_id in waiting]))
        assert store.advance(tx, KEY, Advance(5, 6, "[]", effects=[EffectRow(6, "new")], answered=[1]))
        return [row.event_id for _, row in store.effects(tx, "1", "flow", 9)]

    async def main() -> list[int]:
        return await MemoryDatabase().write(unit)

    assert asyncio.run(main()) == [*(event_id for event_id in waiting if event_id != 1), 6]
