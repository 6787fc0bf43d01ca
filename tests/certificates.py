"""Certificates that sign themselves, made in a test for whatever names it needs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    certificate: str
    private_key: str

    @property
    def config(self) -> dict[str, str]:
        return {"certName": "made", "certificate": self.certificate, "privateKey": self.private_key}


def made(*names: str, since: datetime | None = None, days: int = 30) -> Made:
    """Valid from now on, by the machine's clock, if nothing else is said."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "made in a test")])
    begin = since or datetime.now(UTC) - timedelta(hours=1)
    builder = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=days))
    )
    if names:
        alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Made(certificate.public_bytes(Encoding.PEM).decode(), private.decode())
