"""The JSON that the console's API takes: what RFC 8259 says, and nothing that couldn't be stored and sent again."""

import json

import pytest

from liuyun.gateway.console.bodies import MOST_LEVELS, decoded
from tests.conftest import run
from tests.unit.gateway.console.visitor import visitor

ODD = [
    b"NaN",
    b"[-Infinity]",
    b"1e999",
    b"9" * 5000,
    b'"\\ud800"',
    b'{"\\udfff": 1}',
    b'"\xed\xa0\x80"',
    b'"\xff"',
    '{"a": 1}'.encode("utf-16"),
    b"\xef\xbb\xbf{}",
    b"[" * (MOST_LEVELS + 1) + b"]" * (MOST_LEVELS + 1),
    b"[" * 100_000,
]


@pytest.mark.parametrize("text", ODD, ids=[repr(text[:12]) for text in ODD])
def test_odd_json_is_refused(text: bytes):
    """Python's decoder takes most of it, and what can't be sent again later fails then."""
    with pytest.raises(json.JSONDecodeError):
        decoded(text)


def test_all_of_json_is_taken():
    """Also pairs of halves that make a character, zero bytes, and many levels."""
    deep = "[" * MOST_LEVELS + "]" * MOST_LEVELS
    assert decoded(b'["\\ud83d\\ude00", "\\u0000", 1.5e3, 9007199254740993, ""]') == [
        "\U0001f600",
        "\0",
        1500,
        2**53 + 1,
        "",
    ]
    assert decoded(deep.encode()) == json.loads(deep)


def test_what_is_wrong_is_said():
    """A number that is none is no fault of the platform's, and its sender can find it."""

    async def main() -> tuple[int, str]:
        async with visitor() as on:
            await on.sign_in()
            headers = {"content-type": "application/json", "x-csrf-token": on.csrf}
            answer = await on.http.put("/api/config/schemas/m", content=b'{"document": {"x": NaN}}', headers=headers)
            return answer.status_code, answer.json()["message"]

    status, message = run(main())
    assert status == 422
    assert "a number is too large, or is none" in message
