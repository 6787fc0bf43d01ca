import io
from typing import Any

import pytest

import choose_payment
from discount import discounted


@pytest.mark.parametrize(
    ("price", "percent_off", "expected"),
    [(10000, 20, 8000), (10000, 50, 5000), (10000, 30, 7000), (999, 50, 500), (1, 20, 1)],
)
def test_discounts(price: int, percent_off: int, expected: int) -> None:
    """Prices are whole cents, half a cent rounded up."""
    assert discounted(price, percent_off) == expected


def posted(body: bytes, method: str = "POST") -> dict[str, Any]:
    return {"REQUEST_METHOD": method, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}


def test_choice() -> None:
    """A choice names an order and a method."""
    body = b'{"order": "o1", "method": "weixin"}'
    assert choose_payment.read_choice(posted(body)) == ("o1", "weixin")


@pytest.mark.parametrize(
    "body", [b"", b"x", b"[]", b"{}", b'{"order": 1, "method": "a"}', b'{"order": "o", "method": ""}', b" " * 5000]
)
def test_bad_choice(body: bytes) -> None:
    """What is no choice is answered with 400 and a sentence."""
    answered: list[str] = []
    chunks = choose_payment.handler(posted(body), lambda status, _: answered.append(status))
    assert answered == ["400 Bad Request"]
    assert b"error" in b"".join(chunks)


def test_only_post_chooses() -> None:
    """Looking is not choosing."""
    status, _ = choose_payment.answer(posted(b"", "GET"))
    assert status.startswith("405")
