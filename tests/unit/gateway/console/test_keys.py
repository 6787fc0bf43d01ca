"""Access keys of users: whose they are, what they open, and until when."""

import time
from typing import Any

import httpx
import pytest

from liuyun.cli.client.console import signed_headers
from liuyun.cli.client.transport import Connection
from liuyun.model.people import Role
from liuyun.testing.clock import FakeClock
from tests.conftest import run
from tests.unit.gateway.console.visitor import KEY, PASSWORD, SECRET, Visitor, visitor
from tests.unit.workflow.world import ACCOUNT

ROOT = {"accessKeyId": KEY, "accessKeySecret": SECRET}
NAME = "robot"


async def made(on: Visitor, role: Role = Role.OPERATOR) -> dict[str, Any]:
    """The key of a new user, made by the administrator, who stays signed in. Programs sign with the time that it is."""
    assert isinstance(on.clock, FakeClock)
    await on.clock.advance(time.time() - on.clock.now() / 1000)
    await on.sign_in()
    await on.parts.users.create(NAME, role, PASSWORD)
    return (await on.call("POST", "/api/keys", {"user": NAME, "description": "nightly"})).json()


async def signed(on: Visitor, key: dict[str, Any], method: str = "GET", path: str = "/api/session") -> httpx.Response:
    """Asked by a program that holds the key."""
    by = Connection("http://l", ACCOUNT, key["accessKeyId"], key["accessKeySecret"])
    body = b"{}" if method in {"POST", "PUT", "PATCH"} else b""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(on.app), base_url="http://l") as program:
        return await program.request(method, path, content=body, headers=signed_headers(method, path, body, by))


def test_a_secret_is_told_once():
    """Whoever makes a key learns its secret then; no list and no record of the audit log has it."""

    async def main() -> None:
        async with visitor() as on:
            key = await made(on)
            assert len(key["accessKeySecret"]) == 40
            for path in ("/api/keys", "/api/audit"):
                answer = await on.call("GET", path)
                assert key["accessKeyId"] in answer.text
                assert key["accessKeySecret"] not in answer.text

    run(main())


@pytest.mark.parametrize(("role", "statuses"), [
    (Role.VIEWER, [200, 403, 403, 403]),
    (Role.OPERATOR, [200, 201, 422, 403]),
    (Role.ADMINISTRATOR, [200, 201, 422, 200]),
])  # fmt: skip
def test_a_key_may_what_its_user_may(role: Role, statuses: list[int]):
    """To look, to make a key of one's own, to check a definition (there is none here), to see all users."""
    asked = (("GET", "/api/flows"), ("POST", "/api/keys"), ("POST", "/api/flows/check"), ("GET", "/api/users"))

    async def main() -> list[int]:
        async with visitor() as on:
            key = await made(on, role)
            return [(await signed(on, key, method, path)).status_code for method, path in asked]

    assert run(main()) == statuses


@pytest.mark.parametrize(("ending", "path", "body"), [
    ("PATCH", "/api/keys/{key}", {"disabled": True}),
    ("DELETE", "/api/keys/{key}", None),
    ("PATCH", f"/api/users/{NAME}", {"disabled": True}),
    ("DELETE", f"/api/users/{NAME}", None),
])  # fmt: skip
def test_a_key_that_ends_opens_nothing(ending: str, path: str, body: dict[str, Any] | None):
    """At once, whether the key or its user is disabled or deleted; the next request finds nobody."""

    async def main() -> list[int]:
        async with visitor() as on:
            key = await made(on)
            before = await signed(on, key, "GET", "/api/flows")
            assert (await on.call(ending, path.format(key=key["accessKeyId"]), body)).is_success
            after = await signed(on, key, "GET", "/api/flows")
            return [before.status_code, after.status_code]

    assert run(main()) == [200, 401]


def test_a_key_follows_its_users_role():
    """Who is made a viewer can't change things by an older key; and a key that is enabled again works again."""

    async def main() -> list[int]:
        async with visitor() as on:
            key = await made(on)
            await on.call("PATCH", f"/api/users/{NAME}", {"role": "viewer"})
            refused = await signed(on, key, "POST", "/api/keys")
            address = f"/api/keys/{key['accessKeyId']}"
            for disabled in (True, False):
                await on.call("PATCH", address, {"disabled": disabled})
            return [refused.status_code, (await signed(on, key, "GET", "/api/flows")).status_code]

    assert run(main()) == [403, 200]


def test_the_root_key_stays():
    """Whatever an administrator does with keys, the one who runs the platform gets in."""

    async def main() -> list[int]:
        async with visitor() as on:
            await made(on)
            refused = [
                await on.call("PATCH", f"/api/keys/{KEY}", {"disabled": True}),
                await on.call("DELETE", f"/api/keys/{KEY}"),
            ]
            assert "root key" in refused[0].json()["message"]
            return [answer.status_code for answer in (*refused, await signed(on, ROOT, "GET", "/api/users"))]

    assert run(main()) == [409, 409, 200]


def test_keys_of_others_are_not_there():
    """An operator sees and ends their own keys only, and makes none for others."""

    async def main() -> None:
        async with visitor() as on:
            key = await made(on)
            other = (await on.call("POST", "/api/keys", {})).json()["accessKeyId"]
            listed = (await signed(on, key, "GET", "/api/keys")).json()["keys"]
            assert [found["accessKeyId"] for found in listed] == [key["accessKeyId"]]
            assert (await signed(on, key, "DELETE", f"/api/keys/{other}")).status_code == 404
            assert (await signed(on, key, "DELETE", f"/api/keys/{key['accessKeyId']}")).status_code == 204

    run(main())


def test_keys_of_one_user_have_a_bound():
    """The third is refused where two are allowed, and says what to do."""

    async def main() -> tuple[int, str]:
        async with visitor() as on:
            await made(on)
            answers = [await on.call("POST", "/api/keys", {"user": NAME}) for _ in range(2)]
            return answers[-1].status_code, answers[-1].json()["message"]

    assert run(main()) == (409, f"{NAME} has 2 access keys, which is the most; delete one first")


def test_the_last_use_is_known():
    """From memory at once, and from the database after it was stored from time to time; the root key's as well."""

    async def main() -> None:
        async with visitor() as on:
            key = await made(on)
            for used in (key, ROOT):
                await signed(on, used, "GET", "/api/flows")
            for _ in range(2):
                listed = (await on.call("GET", "/api/keys")).json()["keys"]
                assert [found["lastUsedAt"] for found in listed] == [on.clock.now()] * 2
                await on.parts.access_keys.store_uses()

    run(main())


def test_what_a_key_does_says_which_it_was():
    """The audit log names the user, and the key."""

    async def main() -> None:
        async with visitor() as on:
            key = await made(on)
            await signed(on, key, "POST", "/api/keys")
            newest = (await on.call("GET", "/api/audit")).json()["records"][0]
            assert (newest["actor"], newest["facts"]["byKey"]) == (NAME, key["accessKeyId"])

    run(main())
