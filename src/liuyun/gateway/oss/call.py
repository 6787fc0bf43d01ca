"""What a handler of object storage is given, and how it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from liuyun.clock import rfc3339
from liuyun.errors import Invalid
from liuyun.gateway.http import Request, Response
from liuyun.gateway.oss.address import Address
from liuyun.gateway.xml import DECLARATION, element
from liuyun.model.account import Principal
from liuyun.objects.storage import ObjectStorage


@dataclass(frozen=True, slots=True)
class Call:
    request: Request
    principal: Principal
    address: Address
    params: Mapping[str, str]
    store: ObjectStorage
    object_bytes: int

    @property
    def account_id(self) -> str:
        return self.principal.account_id

    def number(self, name: str, default: int, high: int) -> int:
        text = self.params.get(name, "")
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= high):
            raise Invalid(f"{name} must be a whole number from 1 to {high}, but is '{text[:40]}'")
        return int(text)


def done(call: Call, status: int = 200, headers: list[tuple[str, str]] | None = None) -> Response:
    return Response(status, b"", [("x-oss-request-id", call.request.request_id), *(headers or ())])


def answer(call: Call, root: str, content: str) -> Response:
    headers = [("Content-Type", "application/xml"), ("x-oss-request-id", call.request.request_id)]
    return Response(200, f"{DECLARATION}<{root}>{content}</{root}>".encode(), headers)


def stamp(instant: int) -> str:
    """In whole seconds: oss2 reads no others."""
    return rfc3339(instant // 1000 * 1000)


def owner(account_id: str) -> str:
    return f"<Owner>{element('ID', account_id)}{element('DisplayName', account_id)}</Owner>"


def encoding(call: Call) -> str:
    return element("EncodingType", "url") if call.params.get("encoding-type") == "url" else ""


def spelled(call: Call, key: str) -> str:
    """A key as the caller wants it in XML, which can't hold every character."""
    return quote(key, safe="/") if call.params.get("encoding-type") == "url" else key
