"""Whatever is done to configuration, everybody sees only what fits, and a restart sees the same."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.json import encode

from liuyun.errors import ConfigConflict, ConfigNotFound, InvalidConfig
from liuyun.metadata.core.effective import Reader
from liuyun.metadata.core.imports import Given, GivenEntry
from liuyun.metadata.core.schemas import references, value_problems
from liuyun.metadata.entries import EntryAt
from liuyun.model.config import ACCOUNT, PLATFORM, DraftState, Entry, Write
from tests.conftest import run
from tests.unit.metadata.desk import FLOWERS, MARKET, METHOD, Desk, desk

SCOPES = (PLATFORM, ACCOUNT, MARKET, FLOWERS)
ROUTE = {"type": "object", "properties": {"method": {"type": "string", "x-reference": "method"}}}
VALUES = {
    "method": st.fixed_dictionaries(
        {}, optional={"label": st.sampled_from(["a", "b", 5]), "discount": st.sampled_from([0, 0.5, 1, 1.0, 1e0, 2])}
    ),
    "route": st.fixed_dictionaries({}, optional={"method": st.sampled_from(["x", "y"]), "order": st.integers(1, 2)}),
}
ACTS = st.sampled_from(["method", "route"]).flatmap(
    lambda schema: st.tuples(
        st.sampled_from(["put", "hide", "remove", "roll", "finish", "back", "propose", "publish", "import"]),
        st.just(schema),
        st.sampled_from(SCOPES),
        st.sampled_from(["x", "y"]),
        VALUES[schema],
        st.integers(0, 100),
    )
)


async def act(on: Desk, one) -> None:
    what, schema, scope, key, value, percent = one
    entries, at = on.config.entries, EntryAt(schema, scope, key)
    found = on.config._book.state.find(schema, scope, key)
    write = on.write(value, found.newest if found else 0, at=scope, key=key, schema=schema)
    ways = {
        "put": lambda: entries.put(write),
        "hide": lambda: entries.put(replace(write, value=None, hidden=True)),
        "remove": lambda: entries.put(replace(write, value=None, removed=True)),
        "roll": lambda: entries.begin_rollout(write, percent, ()),
        "finish": lambda: entries.finish_rollout(at, author="li"),
        "back": lambda: go_back(on, at, found),
        "propose": lambda: propose(on, write),
        "publish": lambda: publish(on),
        "import": lambda: on.config.exchange.apply(Given((), (GivenEntry(schema, scope, key, value),)), "li", ""),
    }
    await ways[what]()


async def propose(on: Desk, write: Write) -> None:
    draft = await on.config.drafts.propose(write)
    await on.config.drafts.review(draft.draft_id, approve=True, reviewer="wang")


async def publish(on: Desk) -> None:
    for draft in await on.config.drafts.recent(DraftState.APPROVED, 1):
        await on.config.drafts.publish(draft.draft_id)


async def go_back(on: Desk, at: EntryAt, found: Entry | None) -> None:
    """What was there comes back as the same bytes."""
    entry = await on.config.entries.rollback(at, author="li")
    assert found is not None
    number = (
        int(entry.current.reason.removeprefix("rolled back to revision "))
        if not found.rollout
        else found.current.number
    )
    old = await on.config.entries.revision(at.schema, at.scope, at.key, number)
    assert encode(entry.current.value) == encode(old.value)


def check_all_views(on: Desk) -> None:
    """Each value fits, and what it refers to is seen by the same reader."""
    for reader in (Reader(scope, unit) for scope in SCOPES for unit in ("", "u1", "u2")):
        seen = {found.key for found in on.config.reading.page("method", reader, "", 1000).seen}
        for schema, document in (("method", METHOD), ("route", ROUTE)):
            for found in on.config.reading.page(schema, reader, "", 1000).seen:
                assert value_problems(document, found.value) == []
                assert {key for _, _, key in references(document, found.value)} <= seen


@given(st.lists(ACTS, max_size=25))
@settings(max_examples=30)
def test_only_valid_values_are_ever_seen(acts):
    """A refused change leaves no trace; an accepted one is there after a restart."""

    async def main() -> None:
        async with desk() as on:
            await on.schema("route", ROUTE)
            for one in acts:
                before = on.config._book.state
                try:
                    await act(on, one)
                except (InvalidConfig, ConfigConflict, ConfigNotFound):
                    assert on.config._book.state is before
                else:
                    check_all_views(on)
            async with desk(on.db) as again:
                assert again.config._book.state == on.config._book.state

    run(main())
