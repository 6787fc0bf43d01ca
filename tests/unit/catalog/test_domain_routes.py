"""Which function a request on a custom domain is for."""

import pytest

from liuyun.catalog.domain_routes import best, rewritten, routed
from liuyun.errors import MethodRefused
from liuyun.model.domain import Domain, DomainRoute, Rewrite


def route(path: str, **options: object) -> DomainRoute:
    return DomainRoute(path, "s", path, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", "/*"),
        ("/a", "/a"),
        ("/a/", "/a/*"),
        ("/a/x", "/a/*"),
        ("/a/b", "/a/b/*"),
        ("/a/b/c", "/a/b/*"),
        ("/ab", "/a*"),
        ("/x", "/*"),
    ],
)
def test_the_closest_route_wins(path: str, found: str):
    """A whole path before a pattern, a longer pattern before a shorter one."""
    routes = [route(pattern) for pattern in ("/*", "/a", "/a/*", "/a/b/*", "/a*")]
    assert best(routes, path) == route(found)


def test_a_folder_is_reached_without_its_slash():
    """`/a/*` takes `/a` where nothing else does, and not `/ab`."""
    assert best([route("/a/*")], "/a") is not None
    assert best([route("/a/*")], "/ab") is None


def test_a_route_takes_its_methods():
    """Others are refused with the ones it takes; without a list all are taken."""
    domain = Domain("1", "x.example.com", routes=(route("/a", methods=("GET",)), route("/b", qualifier="prod")))
    with pytest.raises(MethodRefused) as refused:
        routed(domain, "/a", "POST")
    assert refused.value.facts["allowed"] == "GET"
    found = routed(domain, "/b", "PATCH")
    assert found is not None
    assert (found.qualifier, found.function, found.path) == ("prod", "/b", "/b")
    assert routed(domain, "/c", "GET") is None


@pytest.mark.parametrize(
    ("rule", "path", "new"),
    [
        (Rewrite("equal", "/old", "/new"), "/old", "/new"),
        (Rewrite("equal", "/old", "/new"), "/old/x", "/old/x"),
        (Rewrite("wildcard", "/api/*", "/$1"), "/api/a/b", "/a/b"),
        (Rewrite("wildcard", "/*/v1/*", "/$2/of/$1"), "/x/v1/y", "/y/of/x"),
        (Rewrite("wildcard", "/a.b/*", "/$1"), "/axb/c", "/axb/c"),
        (Rewrite("regex", "^/v[0-9]+/(.*)$", "/$1"), "/v2/items", "/items"),
        (Rewrite("regex", "/v[0-9]", ""), "/v2/items", "/items"),
        (Rewrite("regex", "^/(.*)$", "$1"), "/items", "/items"),
        (Rewrite("wildcard", "/a/*", "/$9"), "/a/b", "/"),
    ],
)
def test_paths_are_rewritten(rule: Rewrite, path: str, new: str):
    """`$1` is what the first star or group took; the path always begins with a slash."""
    assert rewritten([rule], path) == new


def test_rules_are_tried_by_kind():
    """Equal before wildcard before regular expression, however they are listed; the first that fits is the only one."""
    rules = [Rewrite("regex", ".*", "/r"), Rewrite("wildcard", "/*", "/w"), Rewrite("equal", "/e", "/x")]
    assert rewritten(rules, "/e") == "/x"
    assert rewritten(rules, "/f") == "/w"


def test_a_hostile_expression_is_quick():
    """Time is linear in the path: what would take a backtracking engine for ever is answered at once."""
    assert rewritten([Rewrite("regex", "^(a+)+$", "/")], "/" + "a" * 1000 + "!") == "/" + "a" * 1000 + "!"
