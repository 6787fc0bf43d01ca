"""Configuration through the console's API."""

import json
from typing import Any

import msgspec
import pytest

from tests.conftest import run
from tests.unit.gateway.console.visitor import Visitor, visitor
from tests.unit.metadata.desk import ACCOUNT, ALIPAY, METHOD, desk

ENTRY = "/api/config/entries/method/alipay"


async def prepared(on: Visitor) -> None:
    await on.sign_in()
    await on.call("PUT", "/api/config/schemas/method", {"document": METHOD})


def test_an_entry_from_its_birth_to_its_end():
    """Created, changed, seen by a tenant, rolled back, removed; each act says what the next must name."""

    async def main() -> None:
        async with visitor() as on:
            await prepared(on)
            created = (await on.call("PUT", ENTRY, {"value": ALIPAY})).json()
            await on.call("PUT", ENTRY, {"value": {"label": "A"}, "revision": created["newest"], "reason": "shorter"})
            seen = (await on.call("GET", ENTRY + "?scope=tenant/market")).json()
            assert (seen["value"], seen["origins"]) == ({"label": "A"}, {"label": "account"})
            back = (await on.call("POST", ENTRY + "/rollback", {})).json()
            assert back["current"]["value"] == ALIPAY
            history = (await on.call("GET", ENTRY + "/history")).json()["revisions"]
            assert [(r["number"], r["reason"]) for r in history] == [
                (3, "rolled back to revision 1"),
                (2, "shorter"),
                (1, ""),
            ]
            assert (await on.call("DELETE", ENTRY + "?revision=3")).status_code == 200
            assert (await on.call("GET", ENTRY)).status_code == 404

    run(main())


def test_problems_come_one_by_one():
    """So that a form can show each where it belongs."""

    async def main() -> None:
        async with visitor() as on:
            await prepared(on)
            answer = await on.call("PUT", ENTRY, {"value": {"label": 5, "discount": 7}})
            assert answer.status_code == 422
            assert len(answer.json()["problems"]) == 2
            checked = (await on.call("POST", ENTRY + "/check", {"value": {"label": 5}})).json()
            [problem] = checked["problems"]
            assert problem["text"] == "method/alipay at account: /label: 5 is not of type string"
            assert problem["parameters"]["what"]["code"] == "value_type"

    run(main())


def test_a_lost_update_is_refused():
    """The second writer gets 409."""

    async def main() -> None:
        async with visitor() as on:
            await prepared(on)
            answers = [await on.call("PUT", ENTRY, {"value": ALIPAY}) for _ in range(2)]
            assert [answer.status_code for answer in answers] == [200, 409]

    run(main())


def test_a_secret_is_in_no_answer():
    """Not in what its writing answers, in lists, histories, drafts, values, changes or the audit log."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await on.call("PUT", "/api/config/schemas/key", {"document": {"type": "string"}, "kind": "secret"})
            place = "/api/config/entries/key/db"
            draft = {"schemaName": "key", "key": "db", "revision": 1, "value": "hunter2"}
            texts = [
                await on.call("PUT", place, {"value": "hunter2"}),
                await on.call("POST", "/api/config/drafts", draft),
                *[
                    await on.call("GET", path)
                    for path in (place, "/api/config/entries/key", place + "/history", "/api/config/values/key",
                                 "/api/config/values/key/db", "/api/config/changes", "/api/audit", "/api/config/drafts")
                ],
            ]  # fmt: skip
            assert all("hunter2" not in text.text for text in texts)
            assert all("2retnuh" not in text.text for text in texts), "not in its stored form either"

    run(main())


def test_a_rollout_through_the_api():
    """Begun for one tenant, widened, finished."""

    async def main() -> None:
        async with visitor() as on:
            await prepared(on)
            await on.call("PUT", ENTRY, {"value": ALIPAY})
            new: dict[str, Any] = {"value": {"label": "N"}, "revision": 1, "tenants": ["market"]}
            await on.call("POST", ENTRY + "/rollout", new)
            seen = [(await on.call("GET", f"{ENTRY}?scope=tenant/{t}")).json()["value"] for t in ("market", "books")]
            assert seen == [{"label": "N"}, ALIPAY]
            await on.call("PUT", ENTRY + "/rollout", {"percent": 100})
            done = (await on.call("POST", ENTRY + "/rollout/finish")).json()
            assert (done["current"]["value"], done["rollout"]) == ({"label": "N"}, None)

    run(main())


def test_every_change_is_in_the_audit_log():
    """With who, what and the request."""

    async def main() -> None:
        async with visitor() as on:
            await prepared(on)
            answer = await on.call("PUT", ENTRY, {"value": ALIPAY})
            record = (await on.call("GET", "/api/audit")).json()["records"][0]
            assert (record["actor"], record["action"], record["resource"], record["requestId"]) == (
                "admin", "PutEntry", "method/alipay at account", answer.headers["x-request-id"],
            )  # fmt: skip

    run(main())


BYTES = [
    '{"b":1.0,"a":1,"z":{"y":[],"x":{}}}',
    "[1e3,1000,1000.0,-0.0,0.1,1e-7,1.5e300]",
    "123456789012345678901234567890",
    "0.30000000000000004",
    '"支付宝 \\u0000 \\u2028 \\ud83d\\ude00 é e\\u0301"',
    '{"":null,"null":"null","true":true,"1":[true,1,1.0]}',
]


@pytest.mark.parametrize("text", BYTES)
def test_going_back_restores_byte_for_byte(text: str):
    """What the API answers and what is stored, also over a roll-out and a restart: no key moves, no number turns."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await on.call("PUT", "/api/config/schemas/any", {"document": {}})
            place = "/api/config/entries/any/x"
            await on.call("PUT", place, {"value": json.loads(text)})
            before = [(await on.call("GET", path)).content for path in ("/api/config/values/any/x", place)]
            for acts in (
                (("PUT", "", {"value": 5, "revision": 1}), ("POST", "/rollback", {})),
                (("POST", "/rollout", {"value": 6, "revision": 3}), ("POST", "/rollback", {})),
                (("PUT", "", {"value": 7, "revision": 5}), ("POST", "/rollback", {"to": 1})),
            ):
                for method, path, body in acts:
                    assert (await on.call(method, place + path, body)).is_success
                after = [(await on.call("GET", path)).content for path in ("/api/config/values/any/x", place)]
                assert after[0] == before[0]
                assert value_in(after[1]) == value_in(before[1])
            query = {"schema": "any", "scope": "account", "key": "x", "before": 99, "limit": 99}
            rows = await on.stage.db.read(lambda tx: [r["document"] for r in tx.all("config.history", **query)])
            stored = [value_in(row.encode()) for row in rows]
            assert stored[0] == stored[2] == stored[4] == stored[6]
            async with desk(on.stage.db) as again:
                assert msgspec.json.encode(again.seen(ACCOUNT, "x", schema="any")) == stored[0]

    run(main())


def value_in(document: bytes) -> bytes:
    """As it is written there."""
    return bytes(msgspec.json.decode(document, type=dict[str, msgspec.Raw])["value"])


def test_entries_come_in_pages():
    """By key, each once; what a scope hides is told with the page of its key."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await on.call("PUT", "/api/config/schemas/m", {"document": {}})
            for key in "abcde":
                await on.call("PUT", f"/api/config/entries/m/{key}", {"value": key})
            await on.call("PUT", "/api/config/entries/m/b?scope=tenant/t", {"hidden": True})
            pages: list[dict[str, Any]] = []
            after: str | None = ""
            while after is not None:
                answer = await on.call("GET", f"/api/config/entries/m?scope=tenant/t&limit=2&after={after}")
                pages.append(answer.json())
                after = pages[-1]["next"]
            assert [[entry["key"] for entry in page["entries"]] for page in pages] == [["a"], ["c", "d"], ["e"]]
            assert [[entry["key"] for entry in page["hidden"]] for page in pages] == [["b"], [], []]

    run(main())
