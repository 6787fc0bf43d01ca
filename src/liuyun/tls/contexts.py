"""What a domain shows and accepts in a TLS handshake."""

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from liuyun.errors import Invalid

VERSIONS = {
    "TLSv1.0": ssl.TLSVersion.TLSv1_2,  # "at least", and nothing below 1.2 is spoken here
    "TLSv1.1": ssl.TLSVersion.TLSv1_2,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
HIGHEST = {"TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}
MOST_SUITES = 100
SUITE = re.compile(r"TLS_[A-Z0-9_]{3,80}")
# What is offered up to TLS 1.2, by its registered name (RFC 8447) and OpenSSL's. What else the vendor lists (RC4, 3DES)
# is not there any more.
OPENSSL = {
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": "ECDHE-ECDSA-AES128-GCM-SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384": "ECDHE-ECDSA-AES256-GCM-SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-ECDSA-CHACHA20-POLY1305",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256": "ECDHE-ECDSA-AES128-SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA": "ECDHE-ECDSA-AES128-SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA": "ECDHE-ECDSA-AES256-SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": "ECDHE-RSA-AES128-GCM-SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": "ECDHE-RSA-AES256-GCM-SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": "ECDHE-RSA-CHACHA20-POLY1305",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256": "ECDHE-RSA-AES128-SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA": "ECDHE-RSA-AES128-SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA": "ECDHE-RSA-AES256-SHA",
    "TLS_RSA_WITH_AES_128_GCM_SHA256": "AES128-GCM-SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384": "AES256-GCM-SHA384",
    "TLS_RSA_WITH_AES_128_CBC_SHA256": "AES128-SHA256",
    "TLS_RSA_WITH_AES_128_CBC_SHA": "AES128-SHA",
    "TLS_RSA_WITH_AES_256_CBC_SHA": "AES256-SHA",
}
# Those of TLS 1.3 can't be chosen: it always offers all of them.
FIXED = frozenset({"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"})
EXAMPLE = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"


@dataclass(frozen=True, slots=True)
class Terms:
    """`ciphers` in OpenSSL's words; empty: what it offers by itself."""

    lowest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
    highest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
    ciphers: str = ""


def terms_of(config: Mapping[str, Any]) -> Terms:
    """Of a domain's tlsConfig. Raises Invalid."""
    lowest = version(config, "minVersion", VERSIONS, ssl.TLSVersion.TLSv1_2)
    highest = version(config, "maxVersion", HIGHEST, ssl.TLSVersion.TLSv1_3)
    if lowest > highest:
        raise Invalid("tlsConfig.minVersion must not be above tlsConfig.maxVersion")
    suites: Any = config.get("cipherSuites") or []
    if not suites:
        return Terms(lowest, highest)
    if not isinstance(suites, list) or len(cast("list[Any]", suites)) > MOST_SUITES:
        raise Invalid(f"tlsConfig.cipherSuites must be a list of at most {MOST_SUITES} names")
    listed = cast("list[Any]", suites)
    for suite in listed:
        if not isinstance(suite, str) or SUITE.fullmatch(suite) is None:
            raise Invalid(f"tlsConfig.cipherSuites must have names such as {EXAMPLE}, but has '{str(suite)[:80]}'")
    ciphers = ":".join(found for suite in listed if (found := OPENSSL.get(suite)))
    fixed = any(suite in FIXED for suite in listed)
    if not ciphers and (not fixed or highest < ssl.TLSVersion.TLSv1_3):
        raise Invalid(f"tlsConfig.cipherSuites has none that this platform offers, such as {EXAMPLE}")
    return Terms(lowest if ciphers else ssl.TLSVersion.TLSv1_3, highest, ciphers)


def version(
    config: Mapping[str, Any], member: str, known: Mapping[str, ssl.TLSVersion], default: ssl.TLSVersion
) -> ssl.TLSVersion:
    value: Any = config.get(member)
    if not value:
        return default
    if not isinstance(value, str) or value not in known:
        raise Invalid(f"tlsConfig.{member} must be one of {', '.join(known)}, but is '{str(value)[:80]}'")
    return known[value]


def server_context(certificate: str, private_key: str, terms: Terms) -> ssl.SSLContext:
    """Raises Invalid if OpenSSL takes these not, as it does with keys that are too short."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        load(context, f"{private_key}\n{certificate}")
    except ssl.SSLError as error:
        raise Invalid(f"certConfig can't be used for TLS: {(error.reason or 'unknown reason').lower()}") from None
    context.minimum_version = terms.lowest
    context.maximum_version = terms.highest
    if terms.ciphers:
        context.set_ciphers(terms.ciphers)
    context.set_alpn_protocols(["http/1.1"])
    return context


def load(context: ssl.SSLContext, pem: str) -> None:
    """The ssl module takes these from files only; this one is in memory and has no name."""
    descriptor = os.memfd_create("pem")
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem.encode())
        file.flush()
        context.load_cert_chain(f"/proc/self/fd/{descriptor}")
