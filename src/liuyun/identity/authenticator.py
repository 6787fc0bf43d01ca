"""Who sent a request: the one place where a claim is believed or not.

Checked in this order: the key, the clock, the signature, the nonce. A nonce counts as used only once the signature is
right, so that strangers can't fill the memory of nonces.
"""

from collections import OrderedDict

from liuyun.clock import Clock
from liuyun.errors import (
    ClockSkewed,
    NonceReplayed,
    RequestExpired,
    SecurityTokenInvalid,
    SignatureMismatch,
    UnknownAccessKey,
)
from liuyun.identity.keyring import Keyring
from liuyun.identity.signatures.signed import Signed
from liuyun.identity.temporary import TemporaryCredentials
from liuyun.model.account import Principal

SKEW_MS = 15 * 60 * 1000  # mns contract 1.1; commonly stated for the other products


class Authenticator:
    def __init__(self, keys: Keyring, temporary: TemporaryCredentials, clock: Clock, *, max_nonces: int) -> None:
        self._keys = keys
        self._temporary = temporary
        self._clock = clock
        self._nonces = Nonces(max_nonces)

    def authenticate(self, signed: Signed) -> Principal:
        """Raises UnknownAccessKey, SecurityTokenInvalid, ClockSkewed, RequestExpired, SignatureMismatch or
        NonceReplayed.
        """
        principal, secret = self._owner(signed)
        now = self._clock.now()
        if signed.timestamp is not None and abs(now - signed.timestamp) > SKEW_MS:
            minutes = abs(now - signed.timestamp) // 60_000
            raise ClockSkewed(f"The request's time is {minutes} minutes off the server's; 15 are allowed.")
        if signed.expires is not None and signed.expires < now:
            raise RequestExpired("The signed link has expired; make a new one.")
        if not signed.proves(secret):
            text = signed.strings_to_sign[0]
            raise SignatureMismatch(
                f"The request signature does not match; check the secret. server string to sign is:{text}",
                string_to_sign=text,
            )
        if signed.nonce is not None and not self._nonces.use(f"{signed.access_key_id}\n{signed.nonce}", now):
            raise NonceReplayed("Specified signature nonce was used already.")
        if not signed.security_token:
            self._keys.note_use(signed.access_key_id, now)
        return principal

    def still(self, access_key_id: str) -> Principal:
        """Whose key it is, for whoever has signed with it before. Raises UnknownAccessKey if it opens nothing now."""
        return self._key(access_key_id)[0]

    def _owner(self, signed: Signed) -> tuple[Principal, str]:
        if signed.security_token:
            found = self._temporary.check(signed.access_key_id, signed.security_token)
            if found[0].issuer and self._keys.find(found[0].issuer) is None:
                raise SecurityTokenInvalid(
                    "The access key that these temporary credentials came by is no longer valid."
                )
            return found
        return self._key(signed.access_key_id)

    def _key(self, access_key_id: str) -> tuple[Principal, str]:
        key = self._keys.find(access_key_id)
        if key is not None:
            return key
        if access_key_id.startswith("STS."):
            raise SecurityTokenInvalid("Temporary credentials need their security token with each request.")
        if self._keys.is_disabled(access_key_id):
            raise UnknownAccessKey(f"The Access Key ID {access_key_id[:128]}, or its user, is disabled.")
        raise UnknownAccessKey(f"The Access Key ID {access_key_id[:128]} does not exist.")


class Nonces:
    """Nonces seen while their request could be sent again; the oldest go first when memory is full."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._seen: OrderedDict[str, int] = OrderedDict()

    def use(self, nonce: str, now: int) -> bool:
        """False if it was used before."""
        if nonce in self._seen:
            return False
        self._seen[nonce] = now
        while self._seen and (len(self._seen) > self._limit or next(iter(self._seen.values())) < now - 2 * SKEW_MS):
            self._seen.popitem(last=False)
        return True
