# ruff: noqa: N815 - members are called as on the wire
"""Custom domains. Source: fc contract 1.4 and 1.6. A private key is taken, and never shown again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from liuyun.catalog.domain_routes import EQUAL, REGEX, WILDCARD
from liuyun.catalog.domains import DomainChanges
from liuyun.clock import rfc3339
from liuyun.gateway.fc.call import Call, answer, done, listing, next_token
from liuyun.gateway.fc.v2016.bodies import Body, read
from liuyun.gateway.http import Response
from liuyun.model.domain import Domain, DomainRoute, Rewrite
from liuyun.model.function import is_own, own_service
from liuyun.model.release import LATEST

REWRITES = {EQUAL: "equalRules", WILDCARD: "wildcardRules", REGEX: "regexRules"}
STORED = ("certConfig", "tlsConfig", "authConfig", "corsConfig", "wafConfig")


class RuleBody(Body):
    match: str = ""
    replacement: str = ""


class RewriteBody(Body):
    equalRules: list[RuleBody] | None = None
    wildcardRules: list[RuleBody] | None = None
    regexRules: list[RuleBody] | None = None

    def rules(self) -> Iterator[Rewrite]:
        for kind, rules in ((EQUAL, self.equalRules), (WILDCARD, self.wildcardRules), (REGEX, self.regexRules)):
            for rule in rules or ():
                yield Rewrite(kind, rule.match, rule.replacement)


class RouteBody(Body):
    path: str = ""
    serviceName: str | None = None
    functionName: str = ""
    qualifier: str | None = None
    methods: list[str] | None = None
    rewriteConfig: RewriteBody | None = None

    def route(self) -> DomainRoute:
        """Without a service it is a function of the newer API."""
        return DomainRoute(
            path=self.path,
            service=self.serviceName or own_service(self.functionName),
            function=self.functionName,
            qualifier=self.qualifier or "",
            methods=tuple(method.upper() for method in self.methods or ()),
            rewrites=tuple(self.rewriteConfig.rules()) if self.rewriteConfig else (),
        )


class RouteConfigBody(Body):
    routes: list[RouteBody] | None = None


class DomainBody(Body):
    domainName: str | None = None
    protocol: str | None = None
    routeConfig: RouteConfigBody | None = None
    certConfig: dict[str, Any] | None = None
    tlsConfig: dict[str, Any] | None = None
    authConfig: dict[str, Any] | None = None
    corsConfig: dict[str, Any] | None = None
    wafConfig: dict[str, Any] | None = None

    def changes(self) -> DomainChanges:
        config = {name: value for name in STORED if (value := getattr(self, name)) is not None}
        private_key: Any = None
        if "certConfig" in config:
            private_key = config["certConfig"].get("privateKey")
            config["certConfig"] = {key: value for key, value in config["certConfig"].items() if key != "privateKey"}
        routes = None if self.routeConfig is None else [route.route() for route in self.routeConfig.routes or ()]
        return DomainChanges(
            protocol=self.protocol,
            routes=routes,
            config=config,
            private_key=private_key if isinstance(private_key, str) else None,
        )


async def create_domain(call: Call) -> Response:
    body = await read(DomainBody, call.request.body)
    domain = await call.platform.catalog.domains.create(call.account_id, body.domainName or "", body.changes())
    return answer(call, domain_body(domain, call))


async def get_domain(call: Call) -> Response:
    domain = await call.platform.catalog.domains.get(call.account_id, call.names["domain"])
    return answer(call, domain_body(domain, call))


async def update_domain(call: Call) -> Response:
    body = await read(DomainBody, call.request.body)
    domain = await call.platform.catalog.domains.update(call.account_id, call.names["domain"], body.changes())
    return answer(call, domain_body(domain, call))


async def list_domains(call: Call) -> Response:
    page = await call.platform.catalog.domains.list(call.account_id, listing(call.query()))
    domains = [domain_body(domain, call) for domain in page.items]
    return answer(call, {"customDomains": domains, **next_token(page.next_key)})


async def delete_domain(call: Call) -> Response:
    await call.platform.catalog.domains.delete(call.account_id, call.names["domain"])
    return done(call)


def domain_body(domain: Domain, call: Call) -> dict[str, Any]:
    return {
        "domainName": domain.name,
        "accountId": domain.account_id,
        "apiVersion": call.dialect.version,
        "protocol": domain.protocol,
        "routeConfig": {"routes": [route_body(route) for route in domain.routes]},
        **domain.config,
        "createdTime": rfc3339(domain.created_at),
        "lastModifiedTime": rfc3339(domain.updated_at),
    }


def route_body(route: DomainRoute) -> dict[str, Any]:
    return {
        "path": route.path,
        **({} if is_own(route.service) else {"serviceName": route.service}),
        "functionName": route.function,
        "qualifier": route.qualifier or LATEST,
        "methods": route.methods,
        **({"rewriteConfig": rewrite_body(route.rewrites)} if route.rewrites else {}),
    }


def rewrite_body(rules: Sequence[Rewrite]) -> Mapping[str, Any]:
    return {
        member: [{"match": rule.match, "replacement": rule.replacement} for rule in rules if rule.kind == kind]
        for kind, member in REWRITES.items()
    }
