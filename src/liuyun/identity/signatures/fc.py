"""The signature of function compute's 2016 API and of signed HTTP triggers. Source: fc contract 1.1."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from urllib.parse import unquote, unquote_plus

from liuyun.errors import MalformedCredentials, MissingDate
from liuyun.identity.signatures.dates import from_http
from liuyun.identity.signatures.signed import Signed, single


def read(method: str, raw_path: str, query: str, headers: Sequence[tuple[str, str]], *, http_trigger: bool) -> Signed:
    """`http_trigger`: the query is part of what was signed, as on `/proxy/` paths and custom domains."""
    values = single(headers)
    scheme, _, claim = values.get("authorization", "").partition(" ")
    access_key_id, _, signature = claim.strip().partition(":")
    if scheme.upper() != "FC" or not access_key_id or not signature:
        raise MalformedCredentials("The Authorization header is not of the form 'FC AccessKeyId:Signature'.")
    date = values.get("x-fc-date") or values.get("date", "")
    if not date:
        raise MissingDate("The HTTP header 'Date' must be specified.")
    resources = proxy_resources(raw_path, query) if http_trigger else plain_resources(raw_path)
    return Signed(
        access_key_id=access_key_id,
        signature=signature,
        strings_to_sign=tuple(string_to_sign(method, values, resource) for resource in resources),
        sign=sign,
        timestamp=from_http(date),
        security_token=values.get("x-fc-security-token", ""),
    )


def string_to_sign(method: str, headers: Mapping[str, str], resource: str) -> str:
    own = sorted([name for name in headers if name.startswith("x-fc-")])
    canonical = "".join([f"{name}:{headers[name]}\n" for name in own])
    parts = (method.upper(), headers.get("content-md5", ""), headers.get("content-type", ""), headers.get("date", ""))
    return "\n".join((*parts, canonical + resource))


def plain_resources(raw_path: str) -> tuple[str, ...]:
    """Decoded, as everybody signs it; as sent, as Node's getLayerVersionByArn does."""
    return tuple(dict.fromkeys((unquote(raw_path), raw_path)))


def proxy_resources(raw_path: str, query: str) -> tuple[str, ...]:
    """Sorted with `+` as a space (both fc2 clients), or in the URL's order and plain decoding (gateway-fc-util)."""
    pieces = query.split("&") if query else []
    lenient = [decode_pair(piece, plus=True) for piece in pieces]
    strict = [decode_pair(piece, plus=False) for piece in pieces]
    path = unquote(raw_path)
    return tuple(
        dict.fromkeys(f"{path}\n" + "\n".join(lines) for lines in (sorted(lenient), sorted(strict), lenient, strict))
    )


def decode_pair(piece: str, *, plus: bool) -> str:
    decode = unquote_plus if plus else unquote
    name, _, value = piece.partition("=")
    return f"{decode(name)}={decode(value)}"


def sign(secret: str, text: str) -> str:
    return b64encode(hmac.digest(secret.encode(), text.encode(), hashlib.sha256)).decode()
