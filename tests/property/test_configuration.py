"""Whatever is done to configuration, everybody sees only what fits, and a restart sees the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from liuyun.errors import ConfigConflict, ConfigNotFound, InvalidConfig
from liuyun.metadata.core.effective import Reader
from liuyun.metadata.core.schemas import value_problems
from liuyun.model.config import ACCOUNT, PLATFORM
from tests.conftest import run
from tests.unit.metadata.desk import FLOWERS, MARKET, METHOD, Desk, desk

SCOPES = (PLATFORM, ACCOUNT, MARKET, FLOWERS)
VALUES = st.fixed_dictionaries(
    {}, optional={"label": st.sampled_from(["a", "b", 5]), "discount": st.sampled_from([0, 0.5, 2])}
)
ACTS = st.tuples(
    st.sampled_from(["put", "hide", "remove", "roll", "finish", "back"]),
    st.sampled_from(SCOPES),
    st.sampled_from(["x", "y"]),
    VALUES,
    st.integers(0, 100),
)


async def act(on: Desk, one) -> None:
    what, scope, key, value, percent = one
    entries = on.config.entries
    found = on.config._book.state.find("method", scope, key)
    write = on.write(value, found.newest if found else 0, at=scope, key=key)
    match what:
        case "put":
            await entries.put(write)
        case "hide":
            await on.put(None, write.expected, at=scope, key=key, hidden=True)
        case "remove":
            await on.put(None, write.expected, at=scope, key=key, removed=True)
        case "roll":
            await entries.begin_rollout(write, percent, ())
        case "finish":
            await entries.finish_rollout("method", scope, key)
        case "back":
            await entries.rollback("method", scope, key, author="li")


@given(st.lists(ACTS, max_size=25))
@settings(max_examples=60, deadline=None)
def test_only_valid_values_are_ever_seen(acts):
    """A refused change leaves no trace; an accepted one is there after a restart."""

    async def main() -> None:
        async with desk() as on:
            for one in acts:
                before = on.config._book.state
                try:
                    await act(on, one)
                except (InvalidConfig, ConfigConflict, ConfigNotFound):
                    assert on.config._book.state is before
                for reader in (Reader(scope, unit) for scope in SCOPES for unit in ("", "u1", "u2")):
                    for found in on.config.reading.everything("method", reader):
                        assert value_problems(METHOD, found.value) == []
            async with desk(on.db) as again:
                assert again.config._book.state == on.config._book.state

    run(main())
