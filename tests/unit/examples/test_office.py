from pathlib import Path
from typing import Any

import pytest

from order_service.asked import Asked
from order_service.configuration import Configuration
from order_service.configured_methods import Change, ConfiguredPaymentMethods
from order_service.database import Database
from order_service.office import Office, read_changes
from order_service.refusals import Conflict, Refusal, Unfit

STAND = {"merchant": "stand"}


@pytest.fixture
def methods(tmp_path: Path, configuration: Configuration) -> ConfiguredPaymentMethods:
    database = Database(tmp_path / "orders.db")
    with database.transaction() as tx:
        tx.execute("INSERT INTO merchants VALUES ('stand', 'A stand of the tests')")
    return ConfiguredPaymentMethods(database, configuration)


def test_what_the_form_is_made_of(methods: ConfiguredPaymentMethods) -> None:
    """The schema, and each method with what the merchant inherits and what is its own."""
    methods.write("stand", [Change("unionpay", {"enabled": True, "discount": 5}, 0)])
    _, found = Office(methods, "http://c").methods(Asked(STAND))
    assert found["schema"]["properties"].keys() >= {"label", "enabled", "discount", "function"}
    first, second = found["methods"][:2]
    assert (first["key"], first["value"]["label"], first["value"]["discount"]) == ("unionpay", "银联 UnionPay", 5)
    assert first["own"] == {"enabled": True, "discount": 5}
    assert (second["value"]["enabled"], second["own"], second["revision"]) == (False, None, 0)


def test_changing_what_somebody_else_changed(methods: ConfiguredPaymentMethods) -> None:
    """Of two who edit the same entry the second is told, and nothing is lost."""
    methods.write("stand", [Change("weixin", {"enabled": True}, 0)])
    seen = next(entry for entry in methods.entries("stand") if entry.key == "weixin").revision
    methods.write("stand", [Change("weixin", {"enabled": True, "discount": 7}, seen)])
    with pytest.raises(Conflict):
        methods.write("stand", [Change("weixin", {"enabled": False}, seen)])
    kept = next(entry for entry in methods.entries("stand") if entry.key == "weixin")
    assert kept.own == {"enabled": True, "discount": 7}


def test_what_the_schema_refuses(methods: ConfiguredPaymentMethods) -> None:
    """Whoever filled in the form learns which fields are at fault."""
    with pytest.raises(Unfit, match="discount") as refused:
        methods.write("stand", [Change("zhifubao", {"enabled": True, "discount": 200}, 0)])
    assert refused.value.fields == ["discount"]


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        {"changes": {}},
        {"changes": ["weixin"]},
        {"changes": [{"key": "", "value": {}, "revision": 0}]},
        {"changes": [{"key": "weixin", "value": [], "revision": 0}]},
        {"changes": [{"key": "weixin", "value": {}, "revision": -1}]},
        {"changes": [{"key": "weixin", "value": {}, "revision": 0}] * 51},
    ],
)
def test_bad_changes(document: Any) -> None:
    """Malformed or too many changes are refused before anything is written."""
    with pytest.raises(Refusal):
        read_changes(document)
