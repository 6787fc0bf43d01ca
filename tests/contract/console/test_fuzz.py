"""Whatever is sent to the console's API, it answers as its OpenAPI document says. Schemathesis makes the requests.

Each route gets what its parameters and bodies allow, what just doesn't fit them, and the bounds of each; then the same
about things that are there. `make fuzz` sends more.
"""

import json
from typing import Any

import pytest

from liuyun.testing.platform import Running
from tests.contract.console.client import Client
from tests.e2e.application import ROOT

DOCUMENT = json.loads((ROOT / "console/openapi.json").read_text())  # another test sees that it is current
GUESSES = {"POST /api/session", "PUT /api/session/password"}
# Guesses of passwords come last: who fails too often must wait, whoever it is.
ROUTES = sorted(
    (f"{method.upper()} {path}" for path, methods in DOCUMENT["paths"].items() for method in methods),
    key=lambda route: route in GUESSES,
)
SIGN_OUT = "DELETE /api/session"


@pytest.fixture(scope="module")
def fuzzing() -> Any:
    """Takes seconds to load, and every worker reads this file."""
    from tests.contract.console import fuzzing

    return fuzzing


def test_each_route_is_tried(fuzzing: Any):
    """Schemathesis leaves out what it doesn't understand."""
    assert set(ROUTES) == set(fuzzing.OPERATIONS)


@pytest.mark.parametrize("route", ROUTES)
def test_whatever_is_sent(running: Running, client: Client, fuzzing: Any, route: str):
    """No answer is a fault of the platform's own; each has a status, a type and a form that the document names."""
    if route == SIGN_OUT:
        with Client(running.endpoint) as another:
            fuzzing.try_all(another, fuzzing.OPERATIONS[route])
    else:
        fuzzing.try_all(client, fuzzing.OPERATIONS[route])
