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
        ({"x-languages": {"zh": "名称"}}, "x-languages must be like"),
        ({"properties": {"x": {"x-languages": {"Chinese": {"title": "名称"}}}}}, "x-languages must be like"),
        ({"items": {"x-languages": {"zh": {"title": 5}}}}, "x-languages must be like"),
        ({"x-languages": {"zh": {"label": "名称"}}}, "x-languages must be like"),
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


def test_a_schema_in_more_languages():
    """Titles and descriptions may be there in any number of languages; values are checked as without."""

    async def main() -> None:
        async with desk() as on:
            words = {"zh": {"title": "名称", "description": "顾客看到的"}, "pt-BR": {"title": "Nome"}}
            await on.schema("other", {"properties": {"label": {"type": "string", "x-languages": words}}})
            with pytest.raises(InvalidConfig, match="5 is not of type string"):
                await on.put({"label": 5}, schema="other")

    run(main())


def test_many_patterns_take_linear_time():
    """Also those of properties: what matches none of them is found without trying every way to match."""

    async def main() -> None:
        async with desk() as on:
            await on.schema("other", {"patternProperties": {"^(a+)+$": {}}, "additionalProperties": False})
            await on.put({"aaa": 1}, schema="other")
            with pytest.raises(InvalidConfig, match="is not among the properties of the schema"):
                await on.put({"a" * 60 + "!": 1}, schema="other", key="two")

    run(main())


def test_a_breaking_change_is_refused():
    """The message names the entries that would no longer fit."""

    async def main() -> None:
        async with desk() as on:
            await on.put(ALIPAY)
            with pytest.raises(InvalidConfig, match=r"method/alipay at platform.*'fee' is missing"):
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
