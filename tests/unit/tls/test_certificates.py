"""Which certificates are taken."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from liuyun.errors import Invalid
from liuyun.tls.certificates import check_certificate
from tests.certificates import NOW, Made, made

NAME = "shop.example.com"
GOOD, OTHER = made(NAME, since=NOW), made(NAME, since=NOW)


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


@pytest.mark.parametrize(
    ("names", "name"),
    [
        ((NAME,), NAME),
        (("a.example.com", "SHOP.example.com"), NAME),
        (("*.example.com",), NAME),
        (("*.example.com",), "*.example.com"),
    ],
)
def test_a_certificate_that_names_the_domain_is_taken(names: tuple[str, ...], name: str):
    """By name or by a wildcard."""
    of = made(*names, since=NOW)
    check_certificate(of.certificate, of.private_key, name, milliseconds(NOW + timedelta(days=1)))


def test_a_chain_is_taken():
    """The domain's own certificate first."""
    check_certificate(GOOD.certificate + OTHER.certificate, GOOD.private_key, NAME, milliseconds(NOW))


def locked(key: str) -> str:
    private = load_pem_private_key(key.encode(), None)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")).decode()


@pytest.mark.parametrize(
    ("of", "at", "named"),
    [
        (Made("CERT", GOOD.private_key), NOW, "certificate must be a certificate in PEM form"),
        (Made(GOOD.certificate, "KEY"), NOW, "privateKey must be a private key in PEM form"),
        (Made(GOOD.certificate, ""), NOW, "privateKey must be a private key in PEM form"),
        (Made(GOOD.certificate, GOOD.certificate), NOW, "privateKey must be a private key in PEM form"),
        (Made(GOOD.certificate, locked(GOOD.private_key)), NOW, "protected by a password"),
        (Made(GOOD.certificate, OTHER.private_key), NOW, "does not belong"),
        (Made(OTHER.certificate + GOOD.certificate, GOOD.private_key), NOW, "must come first"),
        (GOOD, NOW + timedelta(days=31), "has expired: it was valid until 2026-01-31"),
        (GOOD, NOW - timedelta(days=1), "not valid before 2026-01-01"),
        (made("other.example.com", since=NOW), NOW, f"not for {NAME}: it names other.example.com"),
        (made("*.shop.example.com", since=NOW), NOW, f"not for {NAME}"),
        (made(since=NOW), NOW, "it names no host"),
        (Made("x" * 200_000, GOOD.private_key), NOW, "at most"),
    ],
)
def test_what_can_never_serve_is_refused_and_named(of: Made, at: datetime, named: str):
    """With what to mend, and without a word of the private key."""
    with pytest.raises(Invalid) as refused:
        check_certificate(of.certificate, of.private_key, NAME, milliseconds(at.astimezone(UTC)))
    assert named in refused.value.message
    assert "PRIVATE" not in refused.value.message
