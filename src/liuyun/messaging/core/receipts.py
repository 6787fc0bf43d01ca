"""Receipt handles: proof that one receive of one message is the caller's to finish.

A handle is `1-<sequence>-<token>`, both in hexadecimal: SDKs put it into URLs without encoding. The sequence finds the
row; the token is 64 random bits made for that receive (or that change of visibility) and stored with the row. A handle
is good while the row still holds its token and is invisible: a newer receive writes another token, a deleted message
has no row, and a message that took its place in the table has a token of its own.
"""

import re

from liuyun.errors import InvalidReceiptHandle

HANDLE = re.compile(r"1-([0-9a-f]{1,15})-([0-9a-f]{16})")
TOKEN_BYTES = 8


def handle(sequence: int, token: str) -> str:
    return f"1-{sequence:x}-{token}"


def read(text: str) -> tuple[int, str] | None:
    """`(sequence, token)`; None if it never was a handle."""
    found = HANDLE.fullmatch(text)
    return None if found is None else (int(found[1], 16), found[2])


def parse(text: str) -> tuple[int, str]:
    """`(sequence, token)`. Raises InvalidReceiptHandle."""
    found = read(text)
    if found is None:
        raise refused(text)
    return found


def refused(text: str) -> InvalidReceiptHandle:
    return InvalidReceiptHandle(
        "receipt_handle",
        "The receipt handle '{text}' is not valid (any more): the message was received again, "
        "was deleted, or its NextVisibleTime has passed.",
        text=text[:80],
        receipt_handle=text,
    )
