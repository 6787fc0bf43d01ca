"""The signature of Message Service, version 2. Source: mns contract 1.2."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence

from liuyun.errors import MalformedCredentials, MissingCredentials, MissingDate
from liuyun.identity.signatures.dates import from_http
from liuyun.identity.signatures.signed import Signed, single


def read(method: str, target: str, headers: Sequence[tuple[str, str]]) -> Signed:
    """`target` is path and query exactly as on the request line."""
    values = single(headers)
    if not (authorization := values.get("authorization", "")):
        raise MissingCredentials("The Authorization header must be specified.", name="Authorization")
    scheme, _, claim = authorization.partition(" ")
    access_key_id, _, signature = claim.strip().partition(":")
    if scheme != "MNS" or not access_key_id or not signature:
        raise MalformedCredentials("The Authorization header is not of the form 'MNS AccessKeyId:Signature'.")
    if not (date := values.get("x-mns-date") or values.get("date", "")):
        raise MissingDate("The Date header must be specified.")
    return Signed(
        access_key_id=access_key_id,
        signature=signature,
        strings_to_sign=(string_to_sign(method, target, values),),
        sign=sign,
        timestamp=from_http(date),
        security_token=values.get("security-token", ""),
    )


def string_to_sign(method: str, target: str, headers: Mapping[str, str]) -> str:
    own = sorted([name for name in headers if name.startswith("x-mns-")])
    canonical = "".join([f"{name}:{headers[name]}\n" for name in own])
    parts = (method.upper(), headers.get("content-md5", ""), headers.get("content-type", ""), headers.get("date", ""))
    return "\n".join((*parts, canonical + target))


def sign(secret: str, text: str) -> str:
    return b64encode(hmac.digest(secret.encode(), text.encode(), hashlib.sha1)).decode()
