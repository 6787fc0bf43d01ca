"""Which operations there are: the page that says so, the routes, and what the vendor's clients call."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import alibabacloud_fc20230330.client
import alibabacloud_fc_open20210406.client
import pytest

from liuyun.gateway.fc.call import V2016, V2021, V2023, Dialect
from liuyun.gateway.fc.product import PROTOCOLS
from liuyun.gateway.fc.router import Router

PAGE = Path(__file__).parents[3] / "docs/reference/api-coverage.md"
CALLS = re.compile(r"action ?= ?'(\w+)',.*?pathname ?= ?f?'([^']+)',.*?method ?= ?'(\w+)'", re.DOTALL)
NAME = re.compile(r"\{[^}]*\}")
EXTENSIONS = ("proxy/", "liuyun/")
CLIENTS = [(V2021, alibabacloud_fc_open20210406.client), (V2023, alibabacloud_fc20230330.client)]


def rows() -> Iterator[str]:
    """A line of the page for each operation."""
    versions = [dialect.version for dialect, _ in PROTOCOLS]
    offered: dict[str, dict[str, str]] = {}
    for dialect, routes in PROTOCOLS:
        for route in routes:
            if not route.path.startswith(EXTENSIONS):
                offered.setdefault(route.operation, {})[dialect.version] = "yes" if route.offered else "no"
    for operation, cells in sorted(offered.items()):
        yield f"| `{operation}` | {' | '.join(cells.get(version, '-') for version in versions)} |"


def test_the_page_is_what_the_routes_are():
    """Every operation is on it, and nothing else."""
    documented = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    assert documented == list(rows())


@pytest.mark.parametrize(("dialect", "module"), CLIENTS, ids=["2021", "2023"])
def test_every_operation_of_a_client_has_a_route(dialect: Dialect, module: ModuleType):
    """By its method and path, and under its name: offered, or refused by name."""
    router = Router(dict(PROTOCOLS)[dialect])
    missing: set[str] = set()
    for action, path, method in CALLS.findall(inspect.getsource(module)):
        match = router.match(method, NAME.sub("x", path).removeprefix(dialect.prefix))
        if match is None or not alike(match.route.operation, action):
            missing.add(action)
    assert not missing


def alike(ours: str, theirs: str) -> bool:
    """The 2021 client says of some that they are of functions, which goes without saying."""
    return ours in {theirs, theirs.replace("Function", "")}


def test_the_oldest_api_is_the_first_on_the_page():
    """The columns are the protocols, in the order of their age."""
    assert [dialect for dialect, _ in PROTOCOLS] == [V2016, V2021, V2023]


if __name__ == "__main__":  # prints the table: python -m tests.contract.fc.test_coverage
    print("\n".join(rows()))  # noqa: T201
