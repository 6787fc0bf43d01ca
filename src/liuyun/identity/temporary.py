"""Temporary credentials: what a running function signs with.

Nothing is stored. The security token carries who it is for and until when, sealed by a MAC; the secret is derived from
the token. Any node of an installation can check them, and they outlive a restart.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

import msgspec

from liuyun.clock import Clock
from liuyun.errors import SecurityTokenInvalid
from liuyun.ids import Ids
from liuyun.model.account import Principal, PrincipalKind

LIFETIME_S = 36 * 3600  # an instance gets fresh ones at its start; an invocation may last 24 hours


class Claim(msgspec.Struct, frozen=True):
    access_key_id: str
    account_id: str
    resource: str
    expires_at: int
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    access_key_id: str
    access_key_secret: str
    security_token: str


class TemporaryCredentials:
    def __init__(self, key: bytes, clock: Clock, ids: Ids) -> None:
        self._key = key
        self._clock = clock
        self._ids = ids

    def issue(self, account_id: str, resource: str, *, lifetime_s: int = LIFETIME_S, issuer: str = "") -> Credentials:
        """Credentials for the function `resource` (`service/function`), or for what else `policy` knows. Those that an
        access key asked for end with it: it is their `issuer`.
        """
        # Node's fc2 client turns to the security token only if the key id begins with STS (fc contract 0.1).
        access_key_id = "STS." + self._ids.hex(12)
        claim = Claim(access_key_id, account_id, resource, self._clock.now() + lifetime_s * 1000, issuer)
        payload = urlsafe_b64encode(msgspec.json.encode(claim)).decode()
        token = f"{payload}.{self._mac('token', payload)}"
        return Credentials(access_key_id, self._mac("secret", token), token)

    def check(self, access_key_id: str, token: str) -> tuple[Principal, str]:
        """The principal and the secret behind a token. Raises SecurityTokenInvalid."""
        payload, _, mac = token.rpartition(".")
        if not hmac.compare_digest(self._mac("token", payload).encode(), mac.encode("utf-8", "replace")):
            raise SecurityTokenInvalid("The security token is not one of this platform's.")
        claim = msgspec.json.decode(urlsafe_b64decode(payload), type=Claim)
        if claim.access_key_id != access_key_id:
            raise SecurityTokenInvalid("The security token belongs to another access key.")
        if claim.expires_at <= self._clock.now():
            raise SecurityTokenInvalid("The security token has expired.")
        principal = Principal(
            claim.account_id, access_key_id, PrincipalKind.FUNCTION, claim.resource, issuer=claim.issuer
        )
        return principal, self._mac("secret", token)

    def _mac(self, use: str, text: str) -> str:
        return hmac.digest(self._key, f"{use}:{text}".encode(), hashlib.sha256).hex()
