"""RPC signature 1.0 (HMAC-SHA1), as the classic SDKs sign calls of Serverless Workflow. Source: fnf contract 1.3."""

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Sequence
from urllib.parse import quote

from liuyun.errors import MalformedCredentials, MissingCredentials
from liuyun.identity.signatures.dates import from_iso
from liuyun.identity.signatures.signed import Signed

METHODS = {"HMAC-SHA1"}
is_unreserved = re.compile(r"[A-Za-z0-9._~-]*").fullmatch
SAFE = "-_.~"


def read(method: str, params: Sequence[tuple[str, str]]) -> Signed:
    """`params` are the decoded query and form parameters together, blank values included."""
    values = dict(params)
    for name in ("AccessKeyId", "Signature", "Timestamp"):
        if not values.get(name):
            raise MissingCredentials(f"The HTTP header/query '{name}' must be specified.", name=name)
    if (algorithm := values.get("SignatureMethod", "HMAC-SHA1")) not in METHODS:
        raise MalformedCredentials(f"SignatureMethod '{algorithm[:40]}' is not supported; use HMAC-SHA1.")
    return Signed(
        access_key_id=values["AccessKeyId"],
        signature=values["Signature"],
        strings_to_sign=(string_to_sign(method, params),),
        sign=sign,
        timestamp=from_iso(values["Timestamp"]),
        nonce=values.get("SignatureNonce") or None,
        security_token=values.get("SecurityToken", ""),
    )


def string_to_sign(method: str, params: Sequence[tuple[str, str]]) -> str:
    # A parameter that stands in both places (CreateSchedule's SignatureVersion) counts once.
    pairs = {encoded(name, value) for name, value in params if name != "Signature"}
    canonical = "&".join(sorted(pairs))
    # The whole is encoded once more; by now these three are the only characters that change.
    twice = canonical.replace("%", "%25").replace("=", "%3D").replace("&", "%26")
    return f"{method}&%2F&{twice}"


def sign(secret: str, text: str) -> str:
    return b64encode(hmac.digest(f"{secret}&".encode(), text.encode(), hashlib.sha1)).decode()


def encoded(name: str, value: str) -> str:
    if is_unreserved(name + value):  # nearly always, and quoting both would cost more than all the rest
        return f"{name}={value}"
    plain = is_unreserved(name)
    return f"{name if plain else quote(name, safe=SAFE)}={quote(value, safe=SAFE)}"
