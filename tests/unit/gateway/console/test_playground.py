"""Who may use the playground. What it does with programs: tests/e2e/test_playground.py."""

import pytest

from liuyun.model.people import Role
from tests.conftest import run
from tests.unit.gateway.console.visitor import visitor

PROGRAM = {"language": "python", "code": "print(1)"}


def test_who_is_not_signed_in_runs_nothing():
    """Unless the operator has opened it."""

    async def main() -> None:
        async with visitor() as somebody:
            assert (await somebody.call("POST", "/api/playground/run", PROGRAM)).status_code == 401
            assert (await somebody.call("POST", "/api/playground/stream", PROGRAM)).status_code == 401
            page = await somebody.call("GET", "/playground")
            assert (page.status_code, page.headers["location"]) == (307, "/console/playground")

    run(main())


def test_an_open_playground_asks_nobody_who_they_are():
    """And opens nothing but runs."""

    async def main() -> None:
        async with visitor(playground_open=True) as somebody:
            assert (await somebody.call("GET", "/playground")).status_code in {200, 503}
            assert (await somebody.call("GET", "/api/playground")).status_code == 404
            assert (await somebody.call("POST", "/api/playground/run", PROGRAM)).status_code == 404
            made = await somebody.call("POST", "/api/playground/functions", {"name": "mine", **PROGRAM})
            assert made.status_code == 401

    run(main())


def test_an_open_playground_bounds_each_address():
    """Who runs too much is told when to come again; looking costs nothing."""

    async def main() -> None:
        async with visitor(playground_open=True) as somebody:
            for _ in range(3):
                assert (await somebody.call("GET", "/api/playground")).status_code == 404
            for way in "run", "stream":
                assert (await somebody.call("POST", f"/api/playground/{way}", PROGRAM)).status_code == 404
            refused = await somebody.call("POST", "/api/playground/stream", PROGRAM)
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")

    run(main())


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_making_a_function_is_for_administrators(role: Role):
    """Running is for everybody who is signed in; without an engine they are told how to get one."""

    async def main() -> None:
        async with visitor() as somebody:
            await somebody.sign_in(role)
            ran = await somebody.call("POST", "/api/playground/run", PROGRAM)
            assert (ran.status_code, "liuyun deploy examples/playground/s.yaml" in ran.json()["message"]) == (404, True)
            made = await somebody.call("POST", "/api/playground/functions", {"name": "mine", **PROGRAM})
            assert made.status_code == 403

    run(main())


def test_bounds_of_a_program():
    """They are the engine's; what is larger doesn't reach it, streamed or not."""

    async def main() -> None:
        async with visitor() as somebody:
            await somebody.sign_in()
            large = {"language": "python", "code": "x" * 70_000}
            assert (await somebody.call("POST", "/api/playground/run", large)).status_code == 422
            assert (await somebody.call("POST", "/api/playground/stream", large)).status_code == 422
            assert (
                await somebody.call("POST", "/api/playground/functions", {**PROGRAM, "name": "@x"})
            ).status_code == 422

    run(main())
