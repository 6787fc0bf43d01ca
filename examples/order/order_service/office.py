"""What the merchants' back office asks: payment methods as entries of their schema, from which its form is made."""

from dataclasses import asdict
from typing import Any

from order_service.asked import Asked
from order_service.configured_methods import Change, ConfiguredPaymentMethods
from order_service.payment_methods import MAX_METHODS, MAX_TEXT
from order_service.refusals import Refusal


class Office:
    """The web layer has checked the token."""

    def __init__(self, methods: ConfiguredPaymentMethods, console: str) -> None:
        """`console` is where browsers find the platform's console."""
        self._methods = methods
        self._console = console

    def admitted(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        """The back office asks before it shows itself."""
        del asked
        return 200, {"admitted": True, "console": self._console}

    def methods(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        entries = self._methods.entries(asked.path["merchant"])
        return 200, {"schema": self._methods.schema(), "methods": [asdict(entry) for entry in entries]}

    def change(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        self._methods.write(asked.path["merchant"], read_changes(asked.body))
        return self.methods(asked)


def read_changes(document: Any) -> list[Change]:
    """From `{"changes": [{"key", "value", "revision"}]}`. Raises Refusal."""
    listed = document.get("changes") if isinstance(document, dict) else None
    if not isinstance(listed, list) or len(listed) > MAX_METHODS:
        raise Refusal(f"changes must be a list of at most {MAX_METHODS} entries.")
    return [read_change(item) for item in listed]


def read_change(item: Any) -> Change:
    key, value, revision = (item.get(name) if isinstance(item, dict) else None for name in ("key", "value", "revision"))
    if not isinstance(key, str) or not 0 < len(key) <= MAX_TEXT:
        raise Refusal(f"The key of a change is a text of at most {MAX_TEXT} characters.")
    if not isinstance(value, dict) or not isinstance(revision, int) or revision < 0:
        raise Refusal("A change has a value, which is an object, and the revision that was seen.")
    return Change(key, value, revision)
