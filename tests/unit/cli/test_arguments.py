from pathlib import Path

import pytest

from liuyun.cli.deploy.command import given_parameters
from liuyun.cli.failure import WRONG_USAGE, Failure
from liuyun.cli.flow import read_input
from liuyun.cli.invoke import function_path, read_event
from liuyun.cli.keys import exports
from liuyun.cli.main import check_encoding
from liuyun.cli.queue import incoming, outgoing


def test_function_path() -> None:
    """A qualifier belongs to the service, or to a function that has none."""
    assert function_path("shop.prod/pay") == ("/services/shop.prod/functions/pay", {})
    assert function_path("pay") == ("/2023-03-30/functions/pay", {})
    assert function_path("pay.prod") == ("/2023-03-30/functions/pay", {"qualifier": "prod"})


@pytest.mark.parametrize("function", ["", ".", "shop/", "/pay", "shop/pay/more"])
def test_bad_function(function: str) -> None:
    """What doesn't name a function is a wrong usage."""
    with pytest.raises(Failure) as caught:
        function_path(function)
    assert caught.value.exit_code == WRONG_USAGE


def test_arguments_are_utf8() -> None:
    """Other bytes than UTF-8 are refused before a command trips over them."""
    check_encoding(["订单", "a b"])
    with pytest.raises(Failure, match="is not UTF-8"):
        check_encoding(["order", "\udcff"])


def test_events(tmp_path: Path) -> None:
    """An event is a text, a file, or nothing; not two of them."""
    (tmp_path / "event").write_bytes(b"\x00\xff")
    assert read_event("tea", None) == b"tea"
    assert read_event(None, str(tmp_path / "event")) == b"\x00\xff"
    assert read_event(None, None) == b""
    with pytest.raises(Failure):
        read_event("a", "b")


def test_flow_input(tmp_path: Path) -> None:
    """An input is a JSON object, given or read from a file."""
    (tmp_path / "input").write_text('{"a": 1}')
    assert read_input(f"@{tmp_path / 'input'}") == '{"a": 1}'
    (tmp_path / "latin").write_bytes(b'{"a": "\xff"}')
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    for wrong in (deep, f"@{tmp_path / 'latin'}", "[]", "{", "1", "@/nowhere/at/all"):
        with pytest.raises(Failure):
            read_input(wrong)


def test_template_parameters() -> None:
    """A value may hold equals signs; a name may not be missing."""
    assert given_parameters(["A=b=c", "D="]) == {"A": "b=c", "D": ""}
    for wrong in ("A", "=b"):
        with pytest.raises(Failure):
            given_parameters([wrong])


def test_message_bodies() -> None:
    """Base64 is spoken only on request, and what isn't base64 is told."""
    assert incoming(outgoing("tea ü", base64=True), base64=True) == "tea ü"
    assert incoming("tea", base64=False) == "tea"
    with pytest.raises(Failure, match="not base64"):
        incoming("tea ü", base64=True)


def test_exports_are_quoted() -> None:
    """Whatever a value holds, the shell reads it as it is."""
    assert exports({"A": "x y'z"}) == "export A='x y'\"'\"'z'"
