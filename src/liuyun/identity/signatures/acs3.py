"""ACS3-HMAC-SHA256, the scheme of the newer generated SDKs. Source: fnf contract 1.4, fc contract 1.2."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, quote

from liuyun.errors import MalformedCredentials, MissingCredentials, SignatureMismatch
from liuyun.identity.signatures.dates import from_iso
from liuyun.identity.signatures.signed import Signed, single

SCHEME = "ACS3-HMAC-SHA256"
CLAIM = re.compile(
    r"ACS3-HMAC-SHA256\s+Credential=(?P<key>[^,\s]+),\s*SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]+)"
)
MUST_SIGN = {"x-acs-date", "x-acs-content-sha256"}


def read(method: str, raw_path: str, query: str, headers: Sequence[tuple[str, str]], body: bytes) -> Signed:
    values = single(headers)
    claim = CLAIM.fullmatch(values.get("authorization", "").strip())
    if claim is None:
        raise MalformedCredentials(
            f"The Authorization header is not of the form {SCHEME} Credential=..,SignedHeaders=..,Signature=.."
        )
    names = claim["headers"].lower().split(";")
    for name in sorted(MUST_SIGN):
        if name not in values or name not in names:
            raise MissingCredentials(f"The HTTP header/query '{name}' must be specified and signed.", name=name)
    digest = hashlib.sha256(body).hexdigest()
    if values["x-acs-content-sha256"] != digest:
        raise SignatureMismatch(
            f"The body's SHA-256 is {digest}, x-acs-content-sha256 says otherwise.",
            string_to_sign="x-acs-content-sha256",
        )
    canonical = "\n".join(
        (
            method,
            raw_path,
            canonical_query(query),
            "".join(f"{name}:{values.get(name, '').strip()}\n" for name in names),
            claim["headers"],
            digest,
        )
    )
    return Signed(
        access_key_id=claim["key"],
        signature=claim["signature"],
        strings_to_sign=(f"{SCHEME}\n{hashlib.sha256(canonical.encode()).hexdigest()}",),
        sign=sign,
        timestamp=from_iso(values["x-acs-date"]),
        nonce=values.get("x-acs-signature-nonce") or None,
        security_token=values.get("x-acs-security-token", ""),
    )


def canonical_query(query: str) -> str:
    pairs = sorted(parse_qsl(query, keep_blank_values=True), key=lambda pair: pair[0])
    return "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in pairs)


def sign(secret: str, text: str) -> str:
    return hmac.digest(secret.encode(), text.encode(), hashlib.sha256).hex()
