"""Whether a certificate and a private key can serve a name. Pure; what is wrong is said so that its owner can mend it.

The private key is never part of a message.
"""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from liuyun.errors import Invalid

LONGEST_PEM = 100 * 1024
CERTIFICATE, KEY = "certConfig.certificate", "certConfig.privateKey"


def check_certificate(certificate: str, private_key: str, name: str, now: int) -> None:
    """`now` in milliseconds. Raises Invalid."""
    first = leaf(certificate)
    if public_part(private_key) != first.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo):
        raise Invalid(f"{KEY} does not belong to {CERTIFICATE}; the domain's own certificate must come first in it")
    at = datetime.fromtimestamp(now / 1000, UTC)
    if at > first.not_valid_after_utc:
        raise Invalid(f"{CERTIFICATE} has expired: it was valid until {first.not_valid_after_utc.isoformat()}")
    if at < first.not_valid_before_utc:
        raise Invalid(f"{CERTIFICATE} is not valid before {first.not_valid_before_utc.isoformat()}")
    names = names_of(first)
    if not any(covers(pattern, name) for pattern in names):
        raise Invalid(f"{CERTIFICATE} is not for {name}: it names {', '.join(names[:10])[:300] or 'no host'}")


def leaf(certificate: str) -> x509.Certificate:
    """The first certificate of a chain. Raises Invalid."""
    try:
        if len(certificate) > LONGEST_PEM:
            raise Invalid(f"{CERTIFICATE} must have at most {LONGEST_PEM} bytes")
        return x509.load_pem_x509_certificates(certificate.encode())[0]
    except ValueError:
        raise Invalid(f"{CERTIFICATE} must be a certificate in PEM form, or a chain of them") from None


def public_part(private_key: str) -> bytes:
    """Raises Invalid."""
    try:
        if len(private_key) > LONGEST_PEM:
            raise Invalid(f"{KEY} must have at most {LONGEST_PEM} bytes")
        key = load_pem_private_key(private_key.encode(), None)
        return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except TypeError:
        raise Invalid(f"{KEY} is protected by a password; it must be given without one") from None
    except (ValueError, UnsupportedAlgorithm):
        raise Invalid(f"{KEY} must be a private key in PEM form") from None


def names_of(certificate: x509.Certificate) -> list[str]:
    """Clients look at alternative names alone (RFC 9525)."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return []
    return [name.lower() for name in found.value.get_values_for_type(x509.DNSName)]


def covers(pattern: str, name: str) -> bool:
    """A `*.` stands for one part of a name; a domain `*.example.com` needs a certificate that says so."""
    return pattern == name or (pattern.startswith("*.") and pattern[2:] == name.partition(".")[2] != "")
