"""The parameters of one call: query and form together, however a client spreads them. Source: fnf contract 1.1, 1.2."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes

from liuyun.errors import Invalid, Unsupported
from liuyun.gateway.fnf.errors import MediaTypeUnknown, ParameterMissing
from liuyun.gateway.http import Request
from liuyun.workflow.documents import parse

E = TypeVar("E", bound=Enum)
FORM = "application/x-www-form-urlencoded"
MAX_FIELDS = 256


def pairs(request: Request) -> list[tuple[str, str]]:
    """All parameters as sent, blank values kept: they are part of what was signed."""
    found = decode(request.query)
    if request.body:
        media_type = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
        if media_type != FORM:
            raise MediaTypeUnknown(media_type)
        found += decode(request.body.decode("latin-1"))
    return found


def decode(text: str) -> list[tuple[str, str]]:
    pieces = [piece for piece in text.split("&", MAX_FIELDS + 1) if piece]
    if len(pieces) > MAX_FIELDS:
        raise Invalid(f"At most {MAX_FIELDS} parameters may be sent.")
    found: list[tuple[str, str]] = []
    try:
        for piece in pieces:
            name, _, value = piece.partition("=")
            if "%" in piece or "+" in piece:
                name, value = decode_one(name), decode_one(value)
            found.append((name, value))
    except UnicodeDecodeError:
        raise Invalid("The parameters must be URL-encoded UTF-8.") from None
    return found


def decode_one(text: str) -> str:
    """`+` and `%20` both are spaces: each occurs, in bodies and in queries."""
    spaced = text.replace("+", " ")
    return unquote_to_bytes(spaced).decode() if "%" in spaced else spaced


class Parameters:
    """Typed reading. An empty text counts as not given."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        """Raises ParameterMissing."""
        value = self._values.get(name, "")
        if not value:
            raise ParameterMissing(name)
        return value

    def text_or(self, name: str, default: str = "") -> str:
        return self._values.get(name, "") or default

    def given(self, name: str) -> str | None:
        """The value if the parameter was sent at all, even empty; else None."""
        return self._values.get(name)

    def integer_or(self, name: str, default: int, *, low: int, high: int) -> int:
        value = self.text_or(name)
        if not value:
            return default
        if not (value.isascii() and value.isdigit() and len(value) < 10 and low <= int(value) <= high):
            raise Invalid(f"Parameter error. {name} must be an integer from {low} to {high}, not '{value[:40]}'.")
        return int(value)

    def flag(self, name: str) -> bool:
        value = self.text_or(name, "false").lower()
        if value not in {"true", "false"}:
            raise Invalid(f"Parameter error. {name} must be true or false, not '{value[:40]}'.")
        return value == "true"

    def choice(self, name: str, kind: type[E]) -> E | None:
        """None if not given."""
        value = self.text_or(name)
        if not value:
            return None
        try:
            return kind(value)
        except ValueError:
            allowed = ", ".join(str(member.value) for member in kind)
            raise Invalid(f"Parameter error. {name} must be one of {allowed}, not '{value[:40]}'.") from None

    def instant(self, name: str) -> int | None:
        """Milliseconds of an RFC 3339 time, None if not given."""
        value = self.text_or(name)
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
            return round(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000)
        except (ValueError, OverflowError):
            raise Invalid(
                f"Parameter error. {name} must be a time like 2020-10-27T22:17:52.413Z, not '{value[:40]}'."
            ) from None

    def document(self, name: str) -> Any:
        """The parsed JSON, None if not given."""
        value = self.text_or(name)
        return parse(value, f"Parameter error. {name}") if value else None

    def refuse(self, name: str, feature: str) -> None:
        """Raises Unsupported if this parameter asks for what isn't offered yet; ignoring it would do something else."""
        if self.text_or(name, "LATEST") != "LATEST":
            raise Unsupported(f"{feature} are not offered by this platform yet; leave {name} out.")

    def page(self, default: int, high: int) -> tuple[int, str]:
        """Limit, and the key that the page before ended with ("" for the first page)."""
        token = self.text_or("NextToken")
        try:
            after = b64decode(token, altchars=b"-_", validate=True).decode()
        except ValueError:
            raise Invalid("Parameter error. NextToken must be one that an earlier answer gave.") from None
        return self.integer_or("Limit", default, low=1, high=high), after


def next_token(key: str | None) -> dict[str, str]:
    """The NextToken member of a list answer, which the last page doesn't have."""
    return {} if key is None else {"NextToken": urlsafe_b64encode(key.encode()).decode()}
