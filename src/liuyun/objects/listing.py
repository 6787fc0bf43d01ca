"""Which objects a page of a list shows, and which common prefixes stand for the others. Pure but for `page`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from liuyun.model.object import ObjectPage, StoredObject

PageOf = Callable[[str, int], Sequence[StoredObject]]  # (after, limit) -> objects by key
LAST = "\U0010ffff"  # behind every other character


@dataclass(frozen=True, slots=True)
class Wanted:
    """`after` is where the page before ended: a key, or a common prefix, which stands for all keys that begin so."""

    prefix: str = ""
    delimiter: str = ""
    after: str = ""
    limit: int = 100


def fold(page: PageOf, wanted: Wanted) -> ObjectPage:
    objects: list[StoredObject] = []
    prefixes: list[str] = []
    after = behind(wanted.after, wanted)
    last = ""
    while True:
        left = wanted.limit - len(objects) - len(prefixes)
        found = page(after, left + 1)
        for item in found:
            if len(objects) + len(prefixes) == wanted.limit:
                return ObjectPage(objects, prefixes, last)
            if common := common_prefix(item.key, wanted):
                prefixes.append(common)
                last, after = common, common + LAST
                break  # all that begin so are passed over at once
            objects.append(item)
            last = after = item.key
        else:
            return ObjectPage(objects, prefixes)


def common_prefix(key: str, wanted: Wanted) -> str:
    """Up to the first delimiter behind the prefix; empty if there is none."""
    if not wanted.delimiter:
        return ""
    end = key.find(wanted.delimiter, len(wanted.prefix))
    return "" if end < 0 else key[: end + len(wanted.delimiter)]


def behind(after: str, wanted: Wanted) -> str:
    is_prefix = bool(wanted.delimiter) and after.endswith(wanted.delimiter) and common_prefix(after, wanted) == after
    return after + LAST if is_prefix else after
