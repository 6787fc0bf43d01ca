"""Configuration as one document: what goes out comes in again."""

import pytest

from liuyun.errors import ConfigConflict
from liuyun.metadata.exchange import Given, GivenEntry
from liuyun.model.config import Schema
from tests.conftest import run
from tests.unit.metadata.desk import ALIPAY, MARKET, METHOD, PLATFORM, desk

GIVEN = Given(
    (Schema(name="method", document=METHOD, revision=0, author="git"),),
    (
        GivenEntry("method", MARKET, "alipay", {"discount": 0.5}),
        GivenEntry("method", PLATFORM, "alipay", ALIPAY),
    ),
)


def test_what_is_exported_is_everything():
    """With the scope of each entry; a hidden one says so."""

    async def main() -> None:
        async with desk() as on:
            await on.put(ALIPAY)
            await on.put(None, at=MARKET, hidden=True)
            document = on.config.exchange.export()
            assert [schema["name"] for schema in document["schemas"]] == ["method"]
            assert document["entries"] == [
                {"schema": "method", "scope": "platform", "key": "alipay", "value": ALIPAY},
                {"schema": "method", "scope": "tenant/market", "key": "alipay", "hidden": True},
            ]

    run(main())


def test_importing_twice_changes_nothing_more():
    """The platform's entries come before those that inherit from them, whatever their order in the file."""

    async def main() -> None:
        async with desk() as on:
            planned = on.config.exchange.plan(GIVEN)
            done = await on.config.exchange.apply(GIVEN, "git", "release 7")
            assert done == planned == ["method/alipay at platform", "method/alipay at tenant/market"]
            assert on.seen(MARKET) == {"label": "Alipay", "discount": 0.5}
            assert on.config.exchange.plan(GIVEN) == []

    run(main())


def test_an_entry_under_review_is_not_overwritten():
    """Importing is no way past the reviewer."""

    async def main() -> None:
        async with desk() as on:
            await on.schema(expected=1, reviewed=True)
            with pytest.raises(ConfigConflict, match="only through a draft") as refused:
                await on.config.exchange.apply(Given((), GIVEN.entries), "git", "")
            assert refused.value.facts["done"] == []

    run(main())
