"""Ways around signing in that don't lead anywhere, tried at every route; and what the browser is told to hold to."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from httpx import Response

from liuyun.gateway.console.guard import COOKIE
from liuyun.gateway.console.pages import POLICY
from liuyun.identity.sessions import IDLE_MS, LONGEST_MS
from liuyun.model.people import Role
from liuyun.testing.clock import FakeClock
from tests.conftest import run
from tests.unit.gateway.console.test_guard import CHANGES, GUARDED, PLAYGROUND, filled
from tests.unit.gateway.console.visitor import PASSWORD, Visitor, visitor

OVERRIDES = ("x-http-method-override", "x-http-method", "x-method-override")


def disguised(path: str) -> Iterator[str]:
    """Other ways to write an address, which some servers take for the same."""
    yield "/" + path
    yield path.replace("/api/", "/api//")
    yield path.replace("/api/", "/api/./")
    yield path.replace("/api/", "/console/../api/")
    yield path + "/"
    yield path + "/."
    yield path + ";x=/console"
    yield path.replace("/api/", "/API/")
    yield path.replace("/api/", "/%61pi/")
    yield path.replace("/api/", "/api%2F")
    yield path.replace("/api/", "/console/%2e%2e/api/")
    yield "/console" + quote(path, safe="")


def is_page(answer: Response) -> bool:
    """One of the console's files, the same for everybody, or what is said while they aren't built."""
    return answer.headers.get("content-type", "").startswith("text/html")


def test_an_address_in_disguise_opens_nothing():
    """However a stranger writes the address of a route, it answers that nobody is signed in, or isn't there."""

    async def main() -> list[tuple[str, str, int]]:
        async with visitor() as on:
            wrong: list[tuple[str, str, int]] = []
            for method, path in GUARDED:
                for other in disguised(filled(path)):
                    answer = await on.call(method, f"http://l{other}")
                    if answer.status_code not in {401, 404, 405} and not is_page(answer):
                        wrong.append((method, other, answer.status_code))
            return wrong

    assert run(main()) == []


def test_a_header_is_no_method():
    """A look that a header calls a change stays a look, and a viewer's change that one calls a look stays a change."""

    async def main() -> set[int]:
        async with visitor() as on:
            await on.sign_in(Role.VIEWER)
            return {
                (await on.call(method, filled(path), {}, headers=dict.fromkeys(OVERRIDES, "GET"))).status_code
                for method, path in CHANGES
                if (method, path) not in PLAYGROUND
            }

    assert run(main()) == {403}


def test_a_session_that_was_changed_is_none():
    """Each route refuses a cookie with one character more, less or another, and one that names somebody."""

    async def main() -> list[tuple[str, str, str]]:
        async with visitor() as on:
            await on.sign_in()
            token = on.http.cookies[COOKIE]
            on.http.cookies.clear()
            other = "1" if token[0] == "0" else "0"
            tampered = [token[:-1], token + "0", other + token[1:], token.upper() + "=", "admin", " ", '"' + token]
            return [
                (method, path, cookie)
                for method, path in GUARDED
                for cookie in tampered
                if (await asked(on, method, path, cookie)).status_code != 401
            ]

    assert run(main()) == []


@pytest.mark.parametrize("passed_ms", [IDLE_MS + 1, LONGEST_MS + 1])
def test_a_session_that_is_over_is_none(passed_ms: int):
    """Time ends it at every route."""

    async def main() -> set[int]:
        async with visitor() as on:
            await on.sign_in()
            assert isinstance(on.clock, FakeClock)
            await on.clock.advance(passed_ms / 1000)
            return {(await on.call(method, filled(path))).status_code for method, path in GUARDED}

    assert run(main()) == {401}


async def asked(on: Visitor, method: str, path: str, cookie: str) -> Response:
    return await on.call(method, filled(path), headers={"cookie": f"{COOKIE}={cookie}"})


@pytest.mark.parametrize(("origin", "secure"), [("http://l", False), ("https://l", True)])
def test_the_cookie_is_for_the_browser_alone(origin: str, secure: bool):
    """No script reads it, no other site's page sends it, and it never leaves HTTPS once it came by it."""

    async def main() -> str:
        async with visitor() as on:
            answer = await on.http.post(f"{origin}/api/session", json={"name": "admin", "password": PASSWORD})
            return answer.headers["set-cookie"]

    _value, *attributes = run(main()).split("; ")
    assert set(attributes) == {"HttpOnly", "SameSite=strict", "Path=/"} | ({"Secure"} if secure else set())


@pytest.mark.parametrize(
    "path", ["/console", "/console/flows", "/playground", "/api/session", "/api/users", "/api/nothing"]
)
def test_each_answer_says_what_browsers_may_do(path: str):
    """Nothing is guessed, framed, or told to other sites; pages run no script but the console's own files."""

    async def main() -> Response:
        async with visitor(playground_open=True) as on:
            return await on.call("GET", path)

    headers = run(main()).headers
    told = {name: headers[name] for name in ("x-content-type-options", "x-frame-options", "referrer-policy")}
    assert told == {"x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "same-origin"}
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert path.startswith("/api/") or headers["content-security-policy"] == POLICY


def test_no_script_of_a_page_comes_from_elsewhere():
    """A text that became an element could run nothing: scripts are the console's own files, and none stand in pages."""
    rules = {name: allowed for name, _, allowed in (rule.partition(" ") for rule in POLICY.split("; "))}
    assert rules.get("script-src", rules["default-src"]) == "'self'"
    assert rules["base-uri"] == "'none'"
