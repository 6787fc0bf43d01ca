"""Custom domains: stored, and all of them in memory, since any request may be for one."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from liuyun.catalog.domain_routes import REGEX, pattern_of, routed
from liuyun.catalog.rules import (
    LONGEST_FUNCTION,
    LONGEST_SERVICE,
    check_config,
    check_length,
    check_name,
    shown,
)
from liuyun.clock import Clock
from liuyun.errors import DomainExists, DomainNotFound, Invalid
from liuyun.model.domain import Domain, DomainRoute, Routed
from liuyun.model.function import is_own
from liuyun.model.listing import Listing
from liuyun.model.page import Page
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import domains as store
from liuyun.tls.certificates import CERTIFICATE, KEY, check_certificate
from liuyun.tls.contexts import server_context, terms_of

HOST = re.compile(r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
LONGEST_HOST, LONGEST_PATH = 253, 1024
VENDOR = ".aliyuncs.com"
PROTOCOLS = ("HTTP", "HTTPS", "HTTP,HTTPS")
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS")
MOST_ROUTES, MOST_REWRITES = 100, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainChanges:
    """None leaves a part as it is; a key of `config` replaces the stored value of that key."""

    protocol: str | None = None
    routes: Sequence[DomainRoute] | None = None
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    private_key: str | None = None


class Domains:
    """`seal` makes a secret unreadable for who reads the database, `unseal` readable again. `epoch` goes up with each
    change, for who remembers what a host meant.
    """

    def __init__(self, *, db: Database, clock: Clock, seal: Callable[[str], str], unseal: Callable[[str], str]) -> None:
        self._db = db
        self._clock = clock
        self._seal = seal
        self._unseal = unseal
        self._known: dict[str, Domain] = {}
        self.epoch = 0

    async def start(self) -> None:
        self._known = {domain.name: domain for domain in await self._db.read(store.every)}
        self.epoch += 1

    def of_host(self, host: str) -> Domain | None:
        """By a request's Host, with or without a port. A domain `*.example.com` takes all names right below."""
        if not self._known:
            return None
        name = host.partition(":")[0].lower()
        return self._known.get(name) or self._known.get(f"*.{name.partition('.')[2]}")

    def route(self, host: str, path: str, method: str) -> Routed | None:
        """None if the host is no domain, or none of its routes fits. Raises MethodRefused."""
        domain = self.of_host(host)
        return domain and routed(domain, path, method)

    async def create(self, account_id: str, name: str, changes: DomainChanges) -> Domain:
        """Raises Invalid or DomainExists."""
        name = name.lower()
        if len(name) > LONGEST_HOST or HOST.fullmatch(name) is None or name.endswith(VENDOR):
            raise Invalid(
                "domain_name",
                "domainName must be a host name such as www.example.com, but is '{name}'",
                name=shown(name),
            )
        now = self._clock.now()
        domain = self._changed(Domain(account_id, name, created_at=now), changes, now)
        if not await self._db.write(lambda tx: store.insert(tx, domain)):
            raise DomainExists(name)
        self._known[name] = domain
        self.epoch += 1
        return domain

    async def get(self, account_id: str, name: str) -> Domain:
        """Raises DomainNotFound."""
        return await self._db.read(lambda tx: existing(tx, account_id, name))

    async def update(self, account_id: str, name: str, changes: DomainChanges) -> Domain:
        """Raises Invalid or DomainNotFound."""
        now = self._clock.now()

        def work(tx: Transaction) -> Domain:
            domain = self._changed(existing(tx, account_id, name), changes, now)
            store.update(tx, domain)
            return domain

        domain = await self._db.write(work)
        self._known[domain.name] = domain
        self.epoch += 1
        return domain

    async def list(self, account_id: str, listing: Listing) -> Page[Domain]:
        found = await self._db.read(lambda tx: store.page(tx, account_id, replace(listing, limit=listing.limit + 1)))
        more = len(found) > listing.limit
        return Page(found[: listing.limit], found[listing.limit - 1].name if more else None)

    async def delete(self, account_id: str, name: str) -> None:
        """Raises DomainNotFound."""

        def work(tx: Transaction) -> None:
            if not store.delete(tx, account_id, name.lower()):
                raise DomainNotFound(name)

        await self._db.write(work)
        self._known.pop(name.lower(), None)
        self.epoch += 1

    def _changed(self, old: Domain, changes: DomainChanges, now: int) -> Domain:
        domain = replace(
            old,
            protocol=old.protocol if changes.protocol is None else changes.protocol,
            routes=old.routes if changes.routes is None else tuple(changes.routes),
            config={**old.config, **changes.config},
            updated_at=now,
        )
        check(domain)
        return self._with_key(domain, changes, now)

    def _with_key(self, domain: Domain, changes: DomainChanges, now: int) -> Domain:
        """A certificate is looked at when it is set, not whenever its domain changes: it may have expired by then."""
        if "certConfig" not in changes.config:
            return domain
        if not domain.certificate:
            if changes.private_key:
                raise Invalid(
                    "domain_key_alone",
                    "{key} goes with {certificate}, which is not given",
                    key=KEY,
                    certificate=CERTIFICATE,
                )
            return replace(domain, sealed_key="")
        private_key = changes.private_key or (self._unseal(domain.sealed_key) if domain.sealed_key else "")
        check_certificate(domain.certificate, private_key, domain.name, now)
        server_context(domain.certificate, private_key, terms_of(domain.config.get("tlsConfig") or {}))
        return replace(domain, sealed_key=self._seal(private_key) if changes.private_key else domain.sealed_key)


def existing(tx: Transaction, account_id: str, name: str) -> Domain:
    domain = store.find(tx, account_id, name.lower())
    if domain is None:
        raise DomainNotFound(name)
    return domain


def check(domain: Domain) -> None:
    if domain.protocol not in PROTOCOLS:
        raise Invalid(
            "domain_protocol_unknown",
            "protocol must be one of {protocols}, but is '{protocol}'",
            protocols=" or ".join(PROTOCOLS),
            protocol=shown(domain.protocol),
        )
    check_config(domain.config)
    certificate: Any = domain.certificate
    if not isinstance(certificate, str):
        raise Invalid("text_expected", "{field} must be a text", field=CERTIFICATE)
    terms_of(domain.config.get("tlsConfig") or {})
    if len(domain.routes) > MOST_ROUTES:
        raise Invalid(
            "domain_routes_most",
            "routeConfig must have at most {most} routes, but has {count}",
            most=MOST_ROUTES,
            count=len(domain.routes),
        )
    for number, route in enumerate(domain.routes):
        check_route(route, f"routeConfig.routes[{number}]")


def check_route(route: DomainRoute, place: str) -> None:
    if not route.path.startswith("/") or "*" in route.path[:-1]:
        raise Invalid(
            "domain_path",
            "{place}.path must begin with a slash and may end with *, but is '{path}'",
            place=place,
            path=shown(route.path),
        )
    check_length(f"{place}.path", route.path, LONGEST_PATH)
    if not is_own(route.service):
        check_name(f"{place}.serviceName", route.service, LONGEST_SERVICE)
    check_name(f"{place}.functionName", route.function, LONGEST_FUNCTION)
    unknown = [method for method in route.methods if method not in METHODS]
    if unknown:
        raise Invalid(
            "domain_methods_unknown",
            "{place}.methods must have some of {methods}, but has '{unknown}'",
            place=place,
            methods=", ".join(METHODS),
            unknown=shown(unknown[0]),
        )
    if len(route.rewrites) > MOST_REWRITES:
        raise Invalid(
            "domain_rewrites_most",
            "{place}.rewriteConfig must have at most {most} rules",
            place=place,
            most=MOST_REWRITES,
        )
    for rule in route.rewrites:
        check_length(f"{place}.rewriteConfig", rule.match + rule.replacement, LONGEST_PATH)
        if rule.kind == REGEX:
            pattern_of(rule)
