"""What a domain's tlsConfig means."""

import ssl
from typing import Any

import pytest

from liuyun.errors import Invalid
from liuyun.tls.contexts import OPENSSL, Terms, server_context, terms_of
from tests.certificates import made

V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
SUITE = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"


@pytest.mark.parametrize(
    ("config", "terms"),
    [
        ({}, Terms(V12, V13)),
        ({"minVersion": "TLSv1.0"}, Terms(V12, V13)),
        ({"minVersion": "TLSv1.3"}, Terms(V13, V13)),
        ({"maxVersion": "TLSv1.2", "minVersion": "TLSv1.2"}, Terms(V12, V12)),
        ({"cipherSuites": [SUITE, "TLS_RSA_WITH_RC4_128_SHA"]}, Terms(V12, V13, OPENSSL[SUITE])),
        ({"cipherSuites": ["TLS_AES_128_GCM_SHA256"]}, Terms(V13, V13)),
    ],
)
def test_a_config_sets_terms(config: dict[str, Any], terms: Terms):
    """Suites that are not there any more are left out, those of TLS 1.3 alone mean TLS 1.3 alone."""
    assert terms_of(config) == terms


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"minVersion": "SSLv3"}, "minVersion"),
        ({"minVersion": ["TLSv1.2"]}, "minVersion"),
        ({"maxVersion": "TLSv1.1"}, "maxVersion"),
        ({"minVersion": "TLSv1.3", "maxVersion": "TLSv1.2"}, "above"),
        ({"cipherSuites": ["ALL"]}, "'ALL'"),
        ({"cipherSuites": [5]}, "'5'"),
        ({"cipherSuites": 5}, "list"),
        ({"cipherSuites": [SUITE] * 101}, "at most 100"),
        ({"cipherSuites": ["TLS_RSA_WITH_RC4_128_SHA"]}, "none that this platform offers"),
        ({"cipherSuites": ["TLS_AES_128_GCM_SHA256"], "maxVersion": "TLSv1.2"}, "none that this platform offers"),
    ],
)
def test_what_no_client_could_meet_is_refused(config: dict[str, Any], named: str):
    """And named."""
    with pytest.raises(Invalid) as refused:
        terms_of(config)
    assert named in refused.value.message


def test_every_suite_is_one_that_openssl_has():
    """The table's names are OpenSSL's own."""
    of = made("a.example.com")
    context = server_context(of.certificate, of.private_key, Terms(V12, V12, ":".join(OPENSSL.values())))
    names = {cipher["name"] for cipher in context.get_ciphers()}
    assert set(OPENSSL.values()) <= names
