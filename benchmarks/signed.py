"""Requests as bytes, signed as the vendor's SDKs sign them. Made before the clock starts where that can be.

Function compute and message service sign a date, so one request may be sent many times; workflow signs a nonce, so
each is sent once.
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from liuyun.clock import SystemClock, rfc3339
from liuyun.identity.signatures import fc, mns, rpc


@dataclass(frozen=True)
class Keys:
    account_id: str
    access_key_id: str
    secret: str


def raw(method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def fc_headers(keys: Keys, method: str, path: str, body: bytes = b"") -> dict[str, str]:
    headers = {
        "date": formatdate(usegmt=True),
        "content-type": "application/json",
        "content-md5": hashlib.md5(body, usedforsecurity=False).hexdigest(),
        "x-fc-account-id": keys.account_id,
    }
    signature = fc.sign(keys.secret, fc.string_to_sign(method, headers, path))
    return {**headers, "authorization": f"FC {keys.access_key_id}:{signature}"}


def fc_request(keys: Keys, method: str, path: str, body: bytes = b"") -> bytes:
    return raw(method, path, fc_headers(keys, method, path, body), body)


def mns_headers(keys: Keys, method: str, target: str, body: str = "") -> dict[str, str]:
    headers = {
        "date": formatdate(usegmt=True),
        "content-type": "text/xml;charset=utf-8",
        "x-mns-version": "2015-06-06",
    }
    if body:
        digest = hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
        headers["content-md5"] = b64encode(digest.encode()).decode()
    signature = mns.sign(keys.secret, mns.string_to_sign(method, target, headers))
    return {**headers, "authorization": f"MNS {keys.access_key_id}:{signature}"}


def mns_request(keys: Keys, method: str, target: str, body: str = "") -> bytes:
    return raw(method, target, mns_headers(keys, method, target, body), body.encode())


def flow_request(keys: Keys, action: str, **params: Any) -> bytes:
    values = {
        "Action": action,
        "Version": "2019-03-15",
        "Format": "JSON",
        "AccessKeyId": keys.access_key_id,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid4().hex,
        "Timestamp": rfc3339(SystemClock().now())[:19] + "Z",
        **{name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()},
    }
    values["Signature"] = rpc.sign(keys.secret, rpc.string_to_sign("POST", list(values.items())))
    body = urlencode(values).encode()
    return raw("POST", "/", {"content-type": "application/x-www-form-urlencoded"}, body)
