"""No way leads to a value that doesn't fit: not through roll-outs, heirs, references, migrations, secrets or drafts."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from liuyun.errors import ConfigConflict, Invalid, InvalidConfig
from liuyun.metadata.core.effective import Reader
from liuyun.metadata.core.imports import Given, GivenEntry
from liuyun.metadata.entries import EntryAt
from liuyun.model.config import Kind
from tests.conftest import run
from tests.unit.metadata.desk import ALIPAY, MARKET, METHOD, PLATFORM, Desk, desk

ROUTE = {"type": "object", "properties": {"method": {"type": "string", "x-reference": "method"}}}
PIN = {"type": "string", "minLength": 6}
AT = EntryAt("method", PLATFORM, "alipay")
Act = Callable[[Desk], Awaitable[Any]]


def refused(part: str, *acts: Act, error: type[Exception] = InvalidConfig) -> str:
    """The message with which the last act is refused; it leaves nothing behind, here or on the disk."""

    async def main() -> str:
        async with desk() as on:
            for act in acts[:-1]:
                await act(on)
            before = on.config._book.state
            with pytest.raises(error, match=part) as caught:
                await acts[-1](on)
            async with desk(on.db) as again:
                assert on.config._book.state == again.config._book.state == before
            return str(caught.value)

    return run(main())


async def anything(on: Desk) -> None:
    await on.schema("any", {})


async def routed(on: Desk) -> None:
    await on.schema("route", ROUTE)
    await on.put(ALIPAY)
    await on.put(ALIPAY, key="other")


def route(on: Desk, **more: Any) -> Awaitable[Any]:
    return on.put({"method": "alipay"}, schema="route", **more)


@pytest.mark.parametrize(
    ("value", "part"),
    [
        (json.loads('{"a": [1e400]}'), "/a/0: a number must be finite"),
        (json.loads("NaN"), "/: a number must be finite"),
        (json.loads(r'{"a": "\ud800"}'), "/a: a text must be Unicode"),
        (json.loads(r'{"\udfff": 1}'), "can't be the name of a property"),
        (json.loads("[" * 66 + "]" * 66), "at most 64 deep"),
    ],
)
def test_what_json_cannot_keep(value: Any, part: str):
    """It would come back from the disk as something else, or not at all: no entry, schema or migration may hold it."""
    refused(part, anything, lambda on: on.put(value, schema="any"))
    refused(part.partition(": ")[2] or part, lambda on: on.schema("new", {"enum": [value]}), error=Invalid)
    operation = {"op": "set", "property": "x", "value": value}
    refused(
        part.partition(": ")[2] or part, anything,
        lambda on: on.schema("any", {}, 1, migration=[operation]), error=Invalid,
    )  # fmt: skip


def test_a_referred_entry_stays_while_a_rollout_refers_to_it():
    """Also if only some see the value that refers."""
    refused(
        "it refers to method/other",
        routed,
        route,
        lambda on: on.config.entries.begin_rollout(on.write({"method": "other"}, 1, schema="route"), 50, ()),
        lambda on: on.put(None, 1, key="other", removed=True),
    )


def test_a_referred_entry_is_not_hidden_by_a_rollout():
    """Not even from those few whom the roll-out reaches."""
    refused(
        "it refers to method/alipay",
        routed,
        route,
        lambda on: on.config.entries.begin_rollout(on.write(None, 1, hidden=True), 0, ["market"]),
    )


def test_an_heir_sees_what_it_inherits_references_to():
    """A tenant that hides an entry can't inherit a reference to it, whichever of the two came first."""
    refused("'alipay' of the schema 'method' for tenant/market", routed,
            lambda on: on.put(None, at=MARKET, hidden=True), route)  # fmt: skip


def test_a_rolled_out_value_must_fit_every_heir():
    """The merged value counts, of each tenant and on each side."""
    refused(
        "method/alipay at tenant/market: /: 'label' is missing",
        lambda on: on.put(ALIPAY),
        lambda on: on.put({"discount": 0.5}, at=MARKET),
        lambda on: on.config.entries.begin_rollout(on.write(None, 1, hidden=True), 1, ()),
    )


def test_going_back_must_fit_too():
    """What was right under an older schema may be wrong now."""
    stricter = {**METHOD, "required": ["label", "discount"]}
    refused(
        "'discount' is missing",
        lambda on: on.put({"label": "A"}),
        lambda on: on.put(ALIPAY, 1),
        lambda on: on.schema(document=stricter, expected=1),
        lambda on: on.config.entries.rollback(AT, author="li"),
    )


@pytest.mark.parametrize("name", [5, None, ["a"]])
def test_a_migration_names_properties_by_texts(name: Any):
    """Anything else would stand in the value as no JSON does."""
    refused(
        "'property' must be a text", anything,
        lambda on: on.schema("any", {}, 1, migration=[{"op": "set", "property": name, "value": 1}]), error=Invalid,
    )  # fmt: skip


def test_a_migration_tells_true_from_one():
    """Python takes them for equal; the disk doesn't."""

    async def main() -> None:
        async with desk() as on:
            await anything(on)
            await on.put({"a": 1}, schema="any")
            await on.schema("any", {}, 1, migration=[{"op": "map", "property": "a", "values": {"1": True}}])
            assert on.seen(schema="any") == {"a": True}

    run(main())


async def pinned(on: Desk) -> None:
    await on.schema("pin", PIN, kind=Kind.SECRET)
    await on.put("hunter22", schema="pin")


def test_a_secret_fits_its_schema():
    """However it comes: written, drafted, rolled out or rolled back to. The refusal tells the rule, not the text."""
    short = {"value": "s3cr", "schema": "pin", "expected": 1}
    ways: list[Act] = [
        lambda on: on.put(**short),
        lambda on: on.config.entries.begin_rollout(on.write(**short), 1, ()),
    ]
    for way in ways:
        message = refused("doesn't satisfy minLength: 6", pinned, way)
        assert "s3cr" not in message
    message = refused("minLength", pinned, lambda on: on.config.drafts.propose(on.write(**short)), error=ConfigConflict)
    assert "s3cr" not in message
    refused("no Unicode text", pinned, lambda on: on.put("\ud800hunter", 1, schema="pin"))


def test_a_schema_is_changed_only_if_its_secrets_fit():
    """They are looked at although they are sealed; the refusal doesn't tell them."""
    message = refused(
        "minLength: 20", pinned, lambda on: on.schema("pin", {**PIN, "minLength": 20}, 1, kind=Kind.SECRET)
    )
    assert "hunter22" not in message


def test_a_schema_that_had_entries_keeps_its_kind():
    """Or an older value would be shown as a secret's seal, and a secret's seal as a value."""
    refused(
        "its kind can't change", pinned, lambda on: on.put(None, 1, schema="pin", removed=True),
        lambda on: on.schema("pin", PIN, 1, kind=Kind.CONFIG), error=ConfigConflict,
    )  # fmt: skip


def test_a_draft_keeps_its_kind():
    """A value that was proposed in plain text doesn't become a secret's seal."""

    async def main() -> None:
        async with desk() as on:
            await on.schema("text", PIN)
            draft = await on.config.drafts.propose(on.write("in plain text", schema="text"))
            await on.config.drafts.review(draft.draft_id, approve=True, reviewer="wang")
            await on.schema("text", PIN, 1, kind=Kind.SECRET)
            with pytest.raises(ConfigConflict, match="another kind of schema"):
                await on.config.drafts.publish(draft.draft_id)
            assert on.config.reading.entries("text") == []

    run(main())


def test_an_import_that_does_not_fit_changes_nothing():
    """Not even what came before the entry that is wrong."""
    given = Given((), (GivenEntry("method", PLATFORM, "a", ALIPAY), GivenEntry("method", PLATFORM, "b", {"label": 5})))
    refused("method/b at platform: /label", lambda on: on.config.exchange.plan(given))
    refused("method/b at platform: /label", lambda on: on.config.exchange.apply(given, "git", ""))


def test_going_back_does_not_undo_what_nobody_saw():
    """A change that comes while the old value is looked up is kept; the one who goes back learns of it."""

    async def main() -> None:
        async with desk() as on:
            await on.put({"label": "1"})
            await on.put({"label": "2"}, 1)
            going_back = asyncio.ensure_future(on.config.entries.rollback(AT, author="li"))
            await on.put({"label": "3"}, 2)
            with pytest.raises(ConfigConflict, match="revision 3, but the change was made against 2"):
                await going_back
            assert on.seen() == {"label": "3"}

    run(main())


def test_who_moves_or_ends_a_rollout_may_say_which():
    """Another one that began meanwhile isn't theirs."""

    async def main() -> None:
        async with desk() as on:
            await on.put(ALIPAY)
            await on.config.entries.begin_rollout(on.write({"label": "N"}, 1), 1, ())
            stale = EntryAt("method", PLATFORM, "alipay", 1)
            entries = on.config.entries
            for act in (entries.finish_rollout(stale, author="li"), entries.move_rollout(stale, 5, ()),
                        entries.rollback(stale, author="li")):  # fmt: skip
                with pytest.raises(ConfigConflict, match="made against 1"):
                    await act
            assert on.config.reading.get("method", "alipay", Reader(PLATFORM)).value == ALIPAY

    run(main())
