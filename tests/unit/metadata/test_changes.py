"""Changes: none is lost, none that doesn't fit gets in, and each can be taken back."""

from typing import Any

import pytest

from liuyun.errors import ConfigConflict, ConfigNotFound, Invalid, InvalidConfig
from liuyun.metadata.entries import EntryAt
from tests.conftest import run
from tests.unit.metadata.desk import ACCOUNT, ALIPAY, MARKET, PLATFORM, Desk, desk


def refused(error: type[Exception], *acts: Any, part: str = "") -> str:
    """The message of the error that the last act must raise."""

    async def main() -> str:
        async with desk() as on:
            for act in acts[:-1]:
                await act(on)
            with pytest.raises(error, match=part or None) as caught:
                await acts[-1](on)
            return str(caught.value)

    return run(main())


def test_the_later_of_two_writers_is_refused():
    """Both saw revision 1; the second would undo what the first did."""
    first, second = {"label": "A"}, {"label": "B"}
    refused(
        ConfigConflict, lambda on: on.put(ALIPAY), lambda on: on.put(first, 1), lambda on: on.put(second, 1),
        part="revision 2, but the change was made against 1",
    )  # fmt: skip


def test_a_new_entry_is_not_overwritten():
    """Who believes that there is none yet learns that there is."""
    refused(ConfigConflict, lambda on: on.put(ALIPAY), lambda on: on.put({"label": "B"}))


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ({"label": 5}, "/label: 5 is not of type string"),
        ({"label": "x", "discount": 2}, "/discount: 2 is greater than the maximum"),
        ({"label": "x", "colour": "red"}, "colour"),
        ({"discount": 0.5}, "'label' is missing"),
        ("text", "not of type object"),
    ],
)
def test_an_invalid_value_stays_out(value: Any, part: str):
    """The message says where it stands and what is wrong with it."""
    assert "method/alipay at platform" in refused(InvalidConfig, lambda on: on.put(value), part=part)


def test_a_parent_may_not_break_its_heirs():
    """What a tenant sees is checked when the platform changes what it inherits."""
    message = refused(
        InvalidConfig,
        lambda on: on.put(ALIPAY),
        lambda on: on.put({"discount": 0.5}, at=MARKET),
        lambda on: on.put(None, 1, removed=True),
    )
    assert "method/alipay at tenant/market" in message


@pytest.mark.parametrize("key", ["", "a b", "../x", "x" * 129, "-x"])
def test_keys_are_names(key: str):
    """They stand in addresses and files."""
    refused(Invalid, lambda on: on.put(ALIPAY, key=key), part="key must have")


def test_unknown_schemas_and_entries():
    """A message names what isn't there."""
    refused(ConfigNotFound, lambda on: on.put(ALIPAY, schema="none"), part="there is no schema 'none'")
    refused(ConfigNotFound, lambda on: on.put(None, removed=True), part="is not there")


def test_history_keeps_every_revision():
    """With author, reason and time; the newest first."""

    async def main() -> None:
        async with desk() as on:
            await on.put(ALIPAY, reason="new")
            await on.put({"label": "Alipay+"}, 1, author="wang", reason="renamed")
            history = await on.config.entries.history("method", PLATFORM, "alipay", before=99, limit=10)
            assert [(r.number, r.author, r.reason) for r in history] == [(2, "wang", "renamed"), (1, "li", "new")]

    run(main())


def test_rolling_back_restores_the_value():
    """As it was, under a number of its own."""

    async def main() -> None:
        async with desk() as on:
            await on.put(ALIPAY)
            await on.put({"label": "Alipay+"}, 1)
            entry = await on.config.entries.rollback(EntryAt("method", PLATFORM, "alipay"), author="li")
            assert (entry.current.number, entry.current.value) == (3, ALIPAY)
            assert on.seen() == ALIPAY

    run(main())


def test_references_must_lead_somewhere():
    """An entry can't name another that isn't there, and that one can't go while it is named."""
    route = {"type": "object", "properties": {"method": {"type": "string", "x-reference": "method"}}}

    async def named(on: Desk) -> None:
        await on.schema("route", route)
        await on.put(ALIPAY)

    refused(
        InvalidConfig, named, lambda on: on.put({"method": "none"}, schema="route"), part="there is no entry 'none'"
    )
    refused(
        InvalidConfig, named, lambda on: on.put({"method": "alipay"}, schema="route"),
        lambda on: on.put(None, 1, removed=True), part="it refers to method/alipay",
    )  # fmt: skip
    refused(
        InvalidConfig, named, lambda on: on.put({"method": "alipay"}, schema="route", at=ACCOUNT),
        lambda on: on.put(None, at=MARKET, hidden=True), part="route/alipay at tenant/market",
    )  # fmt: skip
