"""Which operation a method and a path mean: a walk down a tree, one step for each part of the path."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from liuyun.gateway.fc.call import Call
from liuyun.gateway.http import Response

Handler = Callable[[Call], Awaitable[Response]]
ANY = "*"
REST = "{rest}"


@dataclass(frozen=True, slots=True)
class Route:
    """`path` follows the protocol's version; `{name}` takes one part of it, a final `{rest}` all that is left, raw."""

    method: str
    path: str
    operation: str
    handler: Handler
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    route: Route
    names: dict[str, str]


@dataclass(slots=True)
class Node:
    parts: dict[str, "Node"] = field(default_factory=dict[str, "Node"])
    name: str = ""
    named: "Node | None" = None
    routes: dict[str, Route] = field(default_factory=dict[str, Route])
    rest: dict[str, Route] = field(default_factory=dict[str, Route])


class Router:
    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = Node()
        for route in routes:
            self._add(route)

    def match(self, method: str, raw_path: str) -> Match | None:
        """`raw_path` without the version and the slash behind it."""
        node = self._root
        names: dict[str, str] = {}
        parts = raw_path.split("/")
        for i, part in enumerate(parts):
            if node.rest:
                names["rest"] = "/" + "/".join(parts[i:])
                return found(node.rest, method, names)
            decoded = unquote(part) if "%" in part else part
            child = node.parts.get(decoded)
            if child is None:
                child = node.named
                if child is None or not decoded:
                    return None
                names[node.name] = decoded
            node = child
        return found(node.routes, method, names)

    def _add(self, route: Route) -> None:
        node = self._root
        for part in route.path.split("/"):
            if part == REST:
                node.rest[route.method] = node.routes[route.method] = route
            elif part.startswith("{"):
                node.named = node.named or Node()
                node.name = part[1:-1]
                node = node.named
            else:
                node = node.parts.setdefault(part, Node())
        if not route.path.endswith(REST):
            node.routes[route.method] = route


def found(routes: dict[str, Route], method: str, names: dict[str, str]) -> Match | None:
    route = routes.get(method) or routes.get(ANY)
    return Match(route, names) if route else None
