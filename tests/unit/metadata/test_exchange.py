"""Configuration as one document: what goes out comes in again."""

import pytest

from liuyun.errors import ConfigConflict, Invalid
from liuyun.metadata.core.imports import Given, GivenEntry
from liuyun.model.config import Schema
from liuyun.storage.sqlite import MemoryDatabase
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
            planned = await on.config.exchange.plan(GIVEN)
            done = await on.config.exchange.apply(GIVEN, "git", "release 7")
            assert done == planned == ["method/alipay at platform", "method/alipay at tenant/market"]
            assert on.seen(MARKET) == {"label": "Alipay", "discount": 0.5}
            assert await on.config.exchange.plan(GIVEN) == []

    run(main())


def test_an_entry_under_review_is_not_overwritten():
    """Importing is no way past the reviewer."""

    async def main() -> None:
        async with desk() as on:
            await on.schema(expected=1, reviewed=True)
            with pytest.raises(ConfigConflict, match="only through a draft"):
                await on.config.exchange.apply(Given((), GIVEN.entries), "git", "")

    run(main())


def test_the_order_in_a_document_does_not_matter():
    """What refers may stand before what it refers to: schemas to schemas, entries to entries."""
    refers = {"type": "string", "x-reference": "method"}
    given = Given(
        (Schema(name="a", document=refers, revision=0), *GIVEN.schemas),
        (GivenEntry("a", PLATFORM, "first", "alipay"), *GIVEN.entries),
    )

    async def main() -> None:
        async with desk(MemoryDatabase()) as on:
            assert len(await on.config.exchange.apply(given, "git", "")) == 5
            assert on.seen(schema="a", key="first") == "alipay"

    run(main())


def test_a_document_says_everything_once():
    """Which of two values would count?"""

    async def main() -> None:
        async with desk() as on:
            with pytest.raises(Invalid, match="names method platform alipay twice"):
                await on.config.exchange.apply(Given((), GIVEN.entries + GIVEN.entries[1:]), "git", "")

    run(main())


def test_true_is_not_one():
    """An import compares as JSON does, not as Python does."""

    async def main() -> None:
        async with desk() as on:
            await on.schema("any", {})
            await on.put({"n": 1}, schema="any")
            for value, changes in (({"n": 1}, 0), ({"n": True}, 1), ({"n": 1.0}, 1)):
                given = Given((), (GivenEntry("any", PLATFORM, "alipay", value),))
                assert len(await on.config.exchange.plan(given)) == changes

    run(main())


def test_a_reviewed_schema_comes_with_its_entries():
    """Into a platform that has neither; once they are there, entries change by drafts alone."""
    reviewed = Given((Schema(name="plan", document=METHOD, revision=0, reviewed=True),),
                     (GivenEntry("plan", PLATFORM, "x", ALIPAY),))  # fmt: skip
    changed = Given(reviewed.schemas, (GivenEntry("plan", PLATFORM, "x", {"label": "X"}),))

    async def main() -> None:
        async with desk() as on:
            assert await on.config.exchange.apply(reviewed, "git", "") == ["schema plan", "plan/x at platform"]
            with pytest.raises(ConfigConflict, match="only through a draft"):
                await on.config.exchange.apply(changed, "git", "")

    run(main())
