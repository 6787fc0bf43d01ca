"""The platform's own certificate authority: new-generation SDKs speak TLS, and only sandboxes trust it."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from liuyun.clock import Clock
from liuyun.errors import Unavailable

YEARS = timedelta(days=3650)
LEAF_DAYS = timedelta(days=90)  # made anew at each start of the platform
LEAVES = 256  # host names with a certificate in memory
PEM = serialization.Encoding.PEM


class Authority:
    """Made on first use in `folder`: `ca.pem`, which sandboxes get, and `ca.key`, which nobody gets."""

    def __init__(self, folder: Path, clock: Clock, accepts: Callable[[str], bool]) -> None:
        """`accepts` says for which host names certificates are made."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._clock = clock
        self._accepts = accepts
        self.certificate_file = folder / "ca.pem"
        self._certificate, self._key = self._load()
        self._leaf = lru_cache(LEAVES)(self._make_leaf)

    def server_context(self) -> ssl.SSLContext:
        """Shows the certificate of the host that the client asked for."""
        context = self._leaf("localhost")
        context.sni_callback = self._choose
        return context

    def _choose(self, connection: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> int | None:
        if host is None or not self._accepts(host):
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        connection.context = self._leaf(host)
        return None

    def _load(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        key_file = self._folder / "ca.key"
        if not (key_file.exists() and self.certificate_file.exists()):
            key = ec.generate_private_key(ec.SECP256R1())
            name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Liuyun sandbox authority")])
            authority = self._builder(name, name, key, YEARS).add_extension(
                x509.BasicConstraints(True, 0), critical=True
            )
            write_private(key_file, private_pem(key))
            self.certificate_file.write_bytes(authority.sign(key, hashes.SHA256()).public_bytes(PEM))
        try:
            key = serialization.load_pem_private_key(key_file.read_bytes(), None)
            certificate = x509.load_pem_x509_certificate(self.certificate_file.read_bytes())
        except ValueError:
            raise Unavailable(f"The certificate authority in {self._folder} is damaged; remove that folder.") from None
        assert isinstance(key, ec.EllipticCurvePrivateKey), "written above"
        return certificate, key

    def _make_leaf(self, host: str) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
        leaf = (
            self._builder(name, self._certificate.subject, key, LEAF_DAYS)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.BasicConstraints(False, None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        file = self._folder / "leaf.pem"  # the ssl module reads certificates from files only
        write_private(file, private_pem(key) + leaf.public_bytes(PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(file)
        file.unlink()
        return context

    def _builder(
        self, subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, life: timedelta
    ) -> x509.CertificateBuilder:
        today = datetime.fromtimestamp(self._clock.now() / 1000, UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(today - timedelta(days=1))
            .not_valid_after(today + life)
        )


def private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def write_private(file: Path, content: bytes) -> None:
    file.touch(mode=0o600)
    file.write_bytes(content)
