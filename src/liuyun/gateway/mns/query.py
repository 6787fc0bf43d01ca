"""The query string: names in any case, values as they stand. Source: mns contract 3.2, 3.5 and 6.

A receipt handle arrives unencoded from every SDK; a plus sign is a plus sign.
"""

from collections.abc import Set as AbstractSet
from urllib.parse import unquote

from liuyun.gateway.mns.errors import InvalidQuery

LONGEST = 4096


class Query:
    def __init__(self, raw: str) -> None:
        if len(raw) > LONGEST:
            raise InvalidQuery(f"The query string has more than {LONGEST} characters.")
        self._values: dict[str, str] = {}
        for pair in raw.split("&"):
            name, _, value = pair.partition("=")
            if name:
                self._values[unquote(name).lower()] = unquote(value)

    def check(self, known: AbstractSet[str]) -> None:
        """Raises InvalidQuery for a name that isn't one of these (in lower case)."""
        if strange := self._values.keys() - known:
            raise InvalidQuery(f"The query item '{min(strange)[:80]}' is not known here.")

    def get(self, name: str) -> str | None:
        return self._values.get(name.lower())

    def flag(self, name: str) -> bool:
        return (self.get(name) or "").lower() == "true"

    def integer(self, name: str) -> int | None:
        text = self.get(name)
        if text is None:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > 10:
            raise InvalidQuery(f"The query item {name} must be a whole number; it is '{text[:40]}'.")
        return int(text)
