"""Pages of a bucket's list."""

from collections.abc import Sequence

import pytest

from liuyun.model.object import StoredObject
from liuyun.objects.listing import Wanted, fold

KEYS = ["a", "a/", "a/b", "a/b/c", "a/d", "b", "b//x", "c/é"]


def page_of(prefix: str):
    def page(after: str, limit: int) -> Sequence[StoredObject]:
        keys = [key for key in KEYS if key > after and key.startswith(prefix)]
        return [StoredObject("b", key, "", 0, "", "") for key in keys[:limit]]

    return page


def walk(wanted: Wanted) -> list[str]:
    """All pages, as a client asks for them."""
    shown: list[str] = []
    after: str | None = ""
    while after is not None:
        page = fold(page_of(wanted.prefix), Wanted(wanted.prefix, wanted.delimiter, after, wanted.limit))
        assert len(page.objects) + len(page.prefixes) <= wanted.limit
        shown += sorted([item.key for item in page.objects] + list(page.prefixes))
        after = page.next_key
    return shown


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize("prefix", ["", "a", "a/", "x"])
@pytest.mark.parametrize("delimiter", ["", "/"])
def test_every_key_is_shown_once(limit: int, prefix: str, delimiter: str):
    """Itself or by the part up to the delimiter, whatever the size of a page."""
    cut = len(prefix)
    expected = dict.fromkeys(
        key if not delimiter or delimiter not in key[cut:] else key[: key.index(delimiter, cut) + 1]
        for key in KEYS
        if key.startswith(prefix)
    )
    assert walk(Wanted(prefix, delimiter, limit=limit)) == sorted(expected)


def test_the_last_page_says_that_it_is_the_last():
    """Also where it is full."""
    assert fold(page_of(""), Wanted(limit=len(KEYS))).next_key is None
    assert fold(page_of(""), Wanted(limit=len(KEYS) - 1)).next_key == KEYS[-2]
