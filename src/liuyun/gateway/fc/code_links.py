"""Links to code packages: whoever holds one may download, for a while, without credentials (fc contract 1.4)."""

import hashlib
import hmac

from liuyun.clock import Clock
from liuyun.errors import Denied

LIFETIME_S = 600


class CodeLinks:
    def __init__(self, key: bytes, clock: Clock) -> None:
        self._key = key
        self._clock = clock

    def query(self, package: str) -> str:
        """What to put behind the package's address."""
        expires = self._clock.now() // 1000 + LIFETIME_S
        return f"expires={expires}&signature={self._sign(package, str(expires))}"

    def check(self, package: str, expires: str, signature: str) -> None:
        """Raises Denied."""
        if not hmac.compare_digest(self._sign(package, expires).encode(), signature.encode()):
            raise Denied("the link to the code is not one of this platform's")
        if int(expires) < self._clock.now() // 1000:
            raise Denied("the link to the code has expired; ask for a new one")

    def _sign(self, package: str, expires: str) -> str:
        return hmac.digest(self._key, f"{package}\n{expires}".encode(), hashlib.sha256).hex()
