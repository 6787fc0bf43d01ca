"""Schemas: they keep to what can be checked safely, and never leave an entry behind."""

from typing import Any

import pytest

from liuyun.errors import ConfigConflict, Invalid, InvalidConfig
from tests.conftest import run
from tests.unit.metadata.desk import ALIPAY, MARKET, METHOD, PLATFORM, desk

STRICTER: dict[str, Any] = {**METHOD, "required": ["label", "fee"], "properties": {**METHOD["properties"], "fee": {}}}


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ({"type": "nonsense"}, "nonsense"),
        ({"$ref": "http://example.com/schema"}, "only references into the same document"),
        ({"pattern": "(?=look)ahead"}, "a pattern can't be used"),
        ({"properties": {"x": {"patternProperties": {"(?<=a)b": {}}}}}, "a pattern can't be used"),
        ({"x-reference": "nowhere"}, "refers to entries of 'nowhere', which is not there"),
    ],
)
def test_unusable_schemas(document: Any, part: str):
    """Nothing is fetched from elsewhere, and no pattern runs away."""

    async def main() -> None:
        async with desk() as on:
            with pytest.raises(Invalid, match=part.replace("(", r"\(")):
                await on.schema("other", document)

    run(main())


def test_a_breaking_change_is_refused():
    """The message names the entries that would no longer fit."""

    async def main() -> None:
        async with desk() as on:
            await on.put(ALIPAY)
            with pytest.raises(InvalidConfig, match=r"method/alipay at platform.*'fee' is a required property"):
                await on.schema(document=STRICTER, expected=1)

    run(main())


def test_a_migration_brings_entries_along():
    """Each changed entry gets a revision of its own; watchers hear of it."""

    async def main() -> None:
        async with desk() as on:
            await on.put(ALIPAY)
            await on.put({"discount": 0.5}, at=MARKET)
            await on.schema(
                document=STRICTER, expected=1, migration=[{"op": "set", "property": "fee", "value": 0}], author="wang"
            )
            assert on.seen() == {**ALIPAY, "fee": 0}
            newest = (await on.config.entries.history("method", PLATFORM, "alipay", before=99, limit=1))[0]
            assert (newest.number, newest.author, newest.reason) == (2, "wang", "schema method became revision 2")
            assert on.config.reading.sequence == 4

    run(main())


@pytest.mark.parametrize(
    "operation", [{}, {"op": "drop"}, {"op": "rename", "from": "a"}, {"op": "map", "property": "a", "values": 5}]
)
def test_a_migration_must_be_understood(operation: Any):
    """Before anything is changed."""

    async def main() -> None:
        async with desk() as on:
            with pytest.raises(Invalid, match="migration/0"):
                await on.schema(expected=1, migration=[operation])

    run(main())


def test_a_schema_goes_last():
    """Not before its entries."""

    async def main() -> None:
        async with desk() as on:
            await on.put(ALIPAY)
            with pytest.raises(ConfigConflict, match="still has entries"):
                await on.config.schemas.remove("method", 1)
            await on.put(None, 1, removed=True)
            await on.config.schemas.remove("method", 1)
            assert on.config.reading.schemas() == []

    run(main())


def test_two_editors_of_a_schema():
    """The second must read again."""

    async def main() -> None:
        async with desk() as on:
            await on.schema(expected=1)
            with pytest.raises(ConfigConflict, match="revision 2"):
                await on.schema(expected=1)

    run(main())
