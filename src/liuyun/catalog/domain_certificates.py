"""Which certificate a TLS client is shown, by the name that it asks for."""

import ssl
from collections.abc import Callable

import structlog

from liuyun.catalog.domains import Domains
from liuyun.errors import PlatformError
from liuyun.model.domain import Domain
from liuyun.tls.contexts import Terms, server_context, terms_of
from liuyun.tls.operators import OperatorsCertificate

log = structlog.get_logger()
MOST_CONTEXTS = 4096  # kept in memory; more are made anew


class DomainCertificates:
    """A domain's own, else the operator's. Changed ones are used by the next handshake: a domain is another then."""

    def __init__(
        self, domains: Domains, unseal: Callable[[str], str], operators: OperatorsCertificate | None = None
    ) -> None:
        self._domains = domains
        self._unseal = unseal
        self._operators = operators
        self._made: dict[str, tuple[Domain, ssl.SSLContext]] = {}

    def context(self, name: str) -> ssl.SSLContext | None:
        """None if there is no certificate for this name."""
        domain = self._domains.of_host(name)
        if domain is None:
            return self._operators and self._operators.context(Terms())
        known = self._made.get(domain.name)
        if known is not None and known[0] is domain:
            return known[1]
        try:
            return self._make(domain)
        except PlatformError as error:  # stored before it was looked at
            log.warning("a domain's certificate can't be used", domain=domain.name, reason=error.message)
            return self._operators and self._operators.context(Terms())

    def _make(self, domain: Domain) -> ssl.SSLContext | None:
        """Raises Invalid or Unavailable."""
        terms = terms_of(domain.config.get("tlsConfig") or {})
        certificate = domain.certificate
        if not certificate or not domain.is_secure:
            return self._operators and self._operators.context(terms)
        context = server_context(certificate, self._unseal(domain.sealed_key), terms)
        if len(self._made) >= MOST_CONTEXTS:
            self._made.clear()
        self._made[domain.name] = domain, context
        return context
