"""Which function a request on a custom domain is for, and which path it sees. Pure. Source: fc contract 1.4 and 1.6.

A route whose path is the request's wins, then the longest one that ends with `*` and fits. Its rewriting rules are
tried by kind: equal, wildcard, regular expression; the first that fits gives the function's path. `$1` in what replaces
is what the first `*` or group took.
"""

import re
from collections.abc import Sequence
from typing import Any

import re2  # pyright: ignore[reportMissingTypeStubs]

from liuyun.errors import Invalid, MethodRefused
from liuyun.model.domain import Domain, DomainRoute, Rewrite, Routed

RE2: Any = re2
EQUAL, WILDCARD, REGEX = "equal", "wildcard", "regex"
REFERENCE = re.compile(r"\$([1-9])")


def routed(domain: Domain, path: str, method: str) -> Routed | None:
    """None if no route fits. Raises MethodRefused if the one that does takes other methods."""
    route = best(domain.routes, path)
    if route is None:
        return None
    if route.methods and method not in route.methods:
        allowed = ", ".join(route.methods)
        raise MethodRefused(
            "domain_method_refused",
            "this path of {name} takes {allowed}, not {method}",
            name=domain.name,
            allowed=allowed,
            method=method[:20],
        )
    return Routed(domain.account_id, route.service, route.qualifier, route.function, rewritten(route.rewrites, path))


def best(routes: Sequence[DomainRoute], path: str) -> DomainRoute | None:
    fitting = [route for route in routes if fits(route.path, path)]
    return max(fitting, key=lambda route: (not route.path.endswith("*"), len(route.path)), default=None)


def fits(pattern: str, path: str) -> bool:
    """`/a/*` takes what lies below `/a/`, and `/a` as well."""
    if not pattern.endswith("*"):
        return path == pattern
    return path.startswith(pattern[:-1]) or (pattern.endswith("/*") and path == pattern[:-2])


def rewritten(rewrites: Sequence[Rewrite], path: str) -> str:
    for kind in (EQUAL, WILDCARD, REGEX):
        for rule in rewrites:
            if rule.kind == kind and (new := applied(rule, path)) is not None:
                return new if new.startswith("/") else f"/{new}"
    return path


def applied(rule: Rewrite, path: str) -> str | None:
    if rule.kind == EQUAL:
        return rule.replacement if path == rule.match else None
    found = pattern_of(rule).fullmatch(path) if rule.kind == WILDCARD else pattern_of(rule).search(path)
    if found is None:
        return None
    new = REFERENCE.sub(lambda reference: taken(found, int(reference[1])), rule.replacement)
    return new if rule.kind == WILDCARD else path[: found.start()] + new + path[found.end() :]


def pattern_of(rule: Rewrite) -> Any:
    """Its time is linear in the path, whatever the owner wrote. Raises Invalid."""
    text = rule.match if rule.kind == REGEX else "(.*)".join(RE2.escape(part) for part in rule.match.split("*"))
    try:
        return RE2.compile(text)
    except RE2.error as error:
        raise Invalid(
            "domain_rewrite_pattern",
            "the rewriting rule '{match}' is not a regular expression: {error}",
            match=rule.match[:80],
            error=error,
        ) from None


def taken(found: Any, number: int) -> str:
    return (found[number] or "") if number <= len(found.groups()) else ""
