"""Nobody passes whom nothing lets pass: every route is tried by strangers, by viewers, and across sites."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi.routing import APIRoute

from liuyun.gateway.console.app import ROUTERS
from liuyun.gateway.console.guard import OPEN, OWN, PAGES, PLAYGROUND, SAFE
from liuyun.model.people import Role
from tests.conftest import run
from tests.unit.gateway.console.visitor import PASSWORD, visitor

ROUTES = sorted(
    (method, route.path)
    for routes in ROUTERS
    for route in routes.router.routes
    if isinstance(route, APIRoute)
    for method in route.methods or ()
)
GUARDED = [route for route in ROUTES if route not in OPEN and not route[1].startswith(PAGES)]
CHANGES = [route for route in GUARDED if route[0] not in SAFE and route not in OWN]


def filled(path: str) -> str:
    return path.replace("{", "").replace("}", "")


def test_there_are_routes():
    """Or the other tests here would say nothing."""
    assert len(GUARDED) > 20


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_a_stranger_is_refused(method: str, path: str):
    """Without a session, with a forged cookie, with a forged signature; what the body is like is not even said."""

    async def main() -> None:
        async with visitor() as on:
            forged: list[dict[str, Any]] = [
                {},
                {"cookie": "liuyun_session=" + "0" * 64},
                {"authorization": "ACS3-HMAC-SHA256 Credential=LTAItest,SignedHeaders=host,Signature=00"},
            ]
            for headers in forged:
                assert (await on.call(method, filled(path), headers=headers)).status_code == 401, headers
            broken = {"content": b"{", "headers": {"content-type": "application/json"}}
            assert (await on.http.request(method, filled(path), **broken)).status_code == 401

    run(main())


@pytest.mark.parametrize(("method", "path"), [route for route in CHANGES if route not in PLAYGROUND])
def test_a_viewer_changes_nothing(method: str, path: str):
    """Looking is all that the role allows."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in(Role.VIEWER)
            assert (await on.call(method, filled(path), {})).status_code == 403

    run(main())


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_other_sites_change_nothing(method: str, path: str):
    """A browser sends the cookie whoever asks; the token only the console's own pages know."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            for token in ("", "0" * 64):
                answer = await on.call(method, filled(path), {}, headers={"x-csrf-token": token})
                assert (answer.status_code, answer.json()["code"]) == (403, "CrossSite")

    run(main())


def test_an_operator_is_no_administrator():
    """Users, and schemas, are for administrators."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in(Role.OPERATOR)
            answers = [
                await on.call("GET", "/api/users"),
                await on.call("PUT", "/api/config/schemas/m", {"document": {}}),
                await on.call("DELETE", "/api/users/admin"),
            ]
            assert {answer.status_code for answer in answers} == {403}

    run(main())


def test_a_session_ends():
    """By signing out, by a new password, by time."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await on.call("DELETE", "/api/session")
            assert (await on.call("GET", "/api/session")).json() is None
            await on.sign_in()
            await on.call("PUT", "/api/session/password", {"oldPassword": PASSWORD, "password": "another password"})
            assert (await on.call("GET", "/api/session")).json() is None

    run(main())


def test_guessing_passwords_gets_slow():
    """After some failures one must wait, also with the right password."""

    async def main() -> None:
        async with visitor() as on:
            tried = [await on.call("POST", "/api/session", {"name": "admin", "password": "guess"}) for _ in range(6)]
            assert [answer.status_code for answer in tried] == [401] * 5 + [429]
            right = await on.call("POST", "/api/session", {"name": "admin", "password": PASSWORD})
            assert (right.status_code, right.headers["retry-after"]) == (429, "1")

    run(main())


def test_errors_have_one_form():
    """Whatever went wrong: a code, a message, from what it was made, the request's id."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            answers = [
                await on.call("GET", "/api/nothing"),
                await on.call("PATCH", "/api/session"),
                await on.call("GET", "/api/config/entries/m?scope=mars"),
                await on.call("PUT", "/api/config/schemas/m", {"colour": "red"}),
                await on.call("PUT", "/api/config/schemas/m", "x" * 200_000),
            ]
            assert [answer.status_code for answer in answers] == [404, 405, 400, 422, 413]
            told = [answer.json() for answer in answers]
            assert all(each.keys() == {"code", "message", "phrase", "requestId", "problems"} for each in told)
            codes = ["request_refused", "request_refused", "scope_unknown", None, "request_refused"]
            assert [each["phrase"] and each["phrase"]["code"] for each in told] == codes
            assert {each["code"] for each in told[3]["problems"]} == {"part_missing", "part_unknown"}

    run(main())


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "ACS3-HMAC-SHA256 Credential=k,SignedHeaders=h,Signature=0"}]
)
def test_a_body_has_a_bound_whatever_its_headers_say(headers: dict[str, str]):
    """It is in pieces, so no header tells its length, and nobody is signed in; most of it is never read."""
    read: list[bytes] = []

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(1000):
            read.append(b" " * 1000)
            yield read[-1]

    async def main() -> tuple[int, str]:
        async with visitor() as on:
            answer = await on.http.post(
                "/api/session", content=pieces(), headers={"content-type": "application/json", **headers}
            )
            return answer.status_code, answer.json()["code"]

    assert run(main()) == (413, "TooLarge")
    assert len(read) < 200


def test_a_token_may_be_any_bytes():
    """One that no page would send is a wrong one, and not a fault of the platform's."""

    async def main() -> int:
        async with visitor() as on:
            await on.sign_in()
            return (await on.call("PUT", "/api/session/password", {}, headers={"x-csrf-token": b"\xe9"})).status_code

    assert run(main()) == 403


@pytest.mark.parametrize("headers", [
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": "http://l:8080"},
    {"origin": "http://l", "sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site"},
])  # fmt: skip
def test_other_sites_sign_nobody_in(headers: dict[str, str]):
    """Whoever visits another site isn't signed in as somebody else behind his back."""

    async def main() -> tuple[int, str]:
        async with visitor() as on:
            given = {"name": "admin", "password": PASSWORD}
            answer = await on.http.post("/api/session", json=given, headers=headers)
            return answer.status_code, answer.json()["code"]

    assert run(main()) == (403, "CrossSite")


def test_the_own_pages_sign_in():
    """Also behind a proxy that changes the host's name, if the browser says that page and platform are one site."""

    async def main() -> list[int]:
        async with visitor() as on:
            given = {"name": "admin", "password": PASSWORD}
            ways = [
                {"origin": "http://l"},
                {"origin": "HTTPS://L"},
                {"origin": "https://faas", "sec-fetch-site": "same-origin"},
            ]
            return [(await on.http.post("/api/session", json=given, headers=way)).status_code for way in ways]

    assert run(main()) == [200] * 3


def test_a_host_name_is_no_address():
    """What a Host header says never makes a closed address look like an open one."""

    async def main() -> set[int]:
        async with visitor() as on:
            tried = [
                await on.http.request(method, path, headers={"host": host})
                for method, path in (("GET", "/api/users"), ("POST", "/api/playground/run"))
                for host in ("l/api/session?", "l/console", "l/api/session#", "[", "l/api/openapi.json?")
            ]
            return {answer.status_code for answer in tried}

    assert run(main()) == {401}


def test_ones_own_password_takes_the_old_one():
    """A session that was left open, or stolen, is not enough to shut its owner out; nor is being administrator."""

    async def main() -> list[tuple[int, str]]:
        async with visitor() as on:
            await on.sign_in()
            tried = [
                await on.call("PUT", "/api/session/password", {"password": "another password"}),
                await on.call("PUT", "/api/session/password", {"oldPassword": "guess", "password": "another password"}),
                await on.call("PUT", "/api/users/admin/password", {"password": "another password"}),
            ]
            assert (await on.call("GET", "/api/session")).json()["name"] == "admin"
            return [(answer.status_code, answer.json()["code"]) for answer in tried]

    assert run(main()) == [(422, "Malformed"), (403, "Denied"), (403, "Denied")]


def test_guessing_the_old_password_gets_slow():
    """As signing in does: the failures are counted together."""

    async def main() -> list[int]:
        async with visitor() as on:
            await on.sign_in()
            given = {"oldPassword": "guess", "password": "another password"}
            return [(await on.call("PUT", "/api/session/password", given)).status_code for _ in range(6)]

    assert run(main()) == [403] * 5 + [429]


def test_an_address_means_itself():
    """One with a slash too many is not there, and leads nowhere else."""

    async def main() -> list[int]:
        async with visitor() as on:
            await on.sign_in()
            return [(await on.call("GET", path)).status_code for path in ("/api/users/", "/api/queues/", "/api/")]

    assert run(main()) == [404] * 3
