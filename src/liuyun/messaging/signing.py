"""The key that pushes are signed with, so that a subscriber can tell them from a stranger's. Source: mns contract 4.3.

It is made when it is first needed and belongs to the installation; the certificate that goes with it is self-made,
since there is nobody above the platform, and is served to whoever asks.
"""

import asyncio
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from liuyun.clock import Clock
from liuyun.ids import Ids
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import identity as facts

KEY_FACT, CERTIFICATE_FACT = "mns_signing_key", "mns_certificate"
VALID = timedelta(days=3650)


class Vault(Protocol):
    """Keeps secrets unreadable at rest."""

    def seal(self, secret: str) -> str: ...

    def open_sealed(self, sealed: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Signer:
    key: RSAPrivateKey
    certificate: str  # PEM

    def sign(self, text: str) -> str:
        """SHA-1 is what subscribers verify; it isn't ours to choose."""
        return b64encode(self.key.sign(text.encode(), PKCS1v15(), SHA1())).decode()  # noqa: S303


class SigningKey:
    """The installation's signer, read or made on first use."""

    def __init__(self, db: Database, vault: Vault, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._vault = vault
        self._clock = clock
        self._ids = ids
        self._lock = asyncio.Lock()
        self._signer: Signer | None = None

    async def signer(self) -> Signer:
        async with self._lock:
            if self._signer is None:
                self._signer = await self._stored() or await self._made()
            return self._signer

    async def _stored(self) -> Signer | None:
        def work(tx: Transaction) -> tuple[str | None, str | None]:
            return facts.fact(tx, KEY_FACT), facts.fact(tx, CERTIFICATE_FACT)

        sealed, certificate = await self._db.read(work)
        if sealed is None or certificate is None:
            return None
        key = load_pem_private_key(self._vault.open_sealed(sealed).encode(), password=None)
        assert isinstance(key, RSAPrivateKey)
        return Signer(key, certificate)

    async def _made(self) -> Signer:
        key = await asyncio.to_thread(generate_private_key, public_exponent=65537, key_size=2048)
        certificate = certify(key, self._clock.now(), serial=1 + int(self._ids.hex(15), 16))
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        stored = {KEY_FACT: self._vault.seal(pem), CERTIFICATE_FACT: certificate}
        await self._db.write(lambda tx: facts.set_facts(tx, stored))
        return Signer(key, certificate)


def certify(key: RSAPrivateKey, now: int, serial: int) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Liuyun message service")])
    since = datetime.fromtimestamp(now / 1000, UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(since)
        .not_valid_after(since + VALID)
        .sign(key, SHA256())
    )
    return certificate.public_bytes(Encoding.PEM).decode()
