"""Aliases of versions over the wire."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from liuyun.model.invocation import HttpCall
from tests.conftest import run
from tests.unit.gateway.fc.stage import ACCOUNT, Stage, stage

ALIASES = "/services/s/aliases"


@asynccontextmanager
async def two_versions(folder: Path) -> AsyncIterator[Stage]:
    """Versions 1 and 2 of a function whose timeout is the version's number."""
    async with stage(folder) as on:
        await on.deploy(timeout=1)
        await on.call("POST", "/services/s/versions", {})
        await on.call("PUT", "/services/s/functions/f", {"timeout": 2})
        await on.call("POST", "/services/s/versions", {})
        yield on


async def chosen(on: Stage, calls: int = 1) -> Counter[str]:
    return Counter([(await on.resolver.resolve(ACCOUNT, "s", "prod", "f")).version_id for _ in range(calls)])


def test_an_alias_has_its_life(tmp_path: Path):
    """Create, read, update, list, delete; members that an update leaves out stay."""

    async def main() -> None:
        async with two_versions(tmp_path) as on:
            body = {"aliasName": "prod", "versionId": "1", "description": "d", "additionalVersionWeight": {"2": 0.1}}
            made = await on.call("POST", ALIASES, body)
            assert made.document.items() >= {**body, "resolvePolicy": "Random"}.items()
            assert (await on.call("GET", f"{ALIASES}/prod")).document == made.document
            changed = await on.call("PUT", f"{ALIASES}/prod", {"description": "e"})
            assert changed.document["additionalVersionWeight"] == {"2": 0.1}
            assert changed.header("etag") != made.header("etag")
            assert [a["aliasName"] for a in (await on.call("GET", ALIASES)).document["aliases"]] == ["prod"]
            assert (await on.call("POST", ALIASES, body)).code == "AliasAlreadyExists"
            assert (await on.call("DELETE", f"{ALIASES}/prod")).status == 204
            assert (await on.call("GET", f"{ALIASES}/prod")).code == "AliasNotFound"

    run(main())


def test_a_stale_etag_is_refused(tmp_path: Path):
    """If-Match guards updates and deletions."""

    async def main() -> None:
        async with two_versions(tmp_path) as on:
            etag = (await on.call("POST", ALIASES, {"aliasName": "prod", "versionId": "1"})).header("etag")
            stale = {"if-match": "stale"}
            for method in ("PUT", "DELETE"):
                assert (await on.call(method, f"{ALIASES}/prod", {}, headers=stale)).status == 412
            assert (await on.call("DELETE", f"{ALIASES}/prod", headers={"if-match": etag})).status == 204

    run(main())


def test_calls_are_shared_as_the_weight_says(tmp_path: Path):
    """Within a percent over ten thousand calls; each deployed state says which version it is and how it was called."""

    async def main() -> None:
        async with two_versions(tmp_path) as on:
            body = {"aliasName": "prod", "versionId": "1", "additionalVersionWeight": {"2": 0.3}}
            await on.call("POST", ALIASES, body)
            counted = await chosen(on, 10_000)
            assert abs(counted["2"] - 3000) <= 100
            deployed = await on.resolver.resolve(ACCOUNT, "s", "prod", "f")
            assert deployed.qualifier == "prod"
            assert str(deployed.function.timeout_s) == deployed.version_id
            direct = await on.resolver.resolve(ACCOUNT, "s", deployed.version_id, "f")
            assert direct.revision == deployed.revision  # so that they share instances

    run(main())


def test_a_rollback_takes_effect_with_the_next_call(tmp_path: Path):
    """One update, and nobody gets the other version any more."""

    async def main() -> None:
        async with two_versions(tmp_path) as on:
            body = {"aliasName": "prod", "versionId": "1", "additionalVersionWeight": {"2": 0.5}}
            await on.call("POST", ALIASES, body)
            assert set(await chosen(on, 10)) == {"1", "2"}
            await on.call("PUT", f"{ALIASES}/prod", {"additionalVersionWeight": {}})
            assert set(await chosen(on, 1000)) == {"1"}
            await on.call("PUT", f"{ALIASES}/prod", {"versionId": "2"})
            assert set(await chosen(on, 10)) == {"2"}

    run(main())


def test_the_new_main_version_loses_its_share(tmp_path: Path):
    """Promoting the version that had a share is one update, as the Python client sends it."""

    async def main() -> None:
        async with two_versions(tmp_path) as on:
            body = {"aliasName": "prod", "versionId": "1", "additionalVersionWeight": {"2": 0.5}}
            await on.call("POST", ALIASES, body)
            promoted = await on.call("PUT", f"{ALIASES}/prod", {"versionId": "2"})
            assert promoted.document["additionalVersionWeight"] == {}

    run(main())


def test_calls_go_by_their_content(tmp_path: Path):
    """What satisfies the rules to the other version, whatever its weight; the rest to the main one, never by chance."""

    async def main() -> None:
        async with two_versions(tmp_path) as on:
            rule = {"type": "Header", "key": "x-team", "operator": "=", "value": "ours"}
            ours = HttpCall("GET", "/", "", "/", (("x-team", "ours"),))
            theirs = HttpCall("GET", "/", "", "/", (("x-team", "theirs"),))
            body = {"resolvePolicy": "Content", "routePolicy": {"condition": "AND", "policyItems": [rule]}}
            await on.call("POST", ALIASES, {"aliasName": "prod", "versionId": "1", **body})
            for weights, other in (({}, "1"), ({"2": 0}, "2"), ({"2": 0.5}, "2"), ({"2": 1}, "2")):
                changed = await on.call("PUT", f"{ALIASES}/prod", {"additionalVersionWeight": weights})
                assert changed.document["routePolicy"] == body["routePolicy"]
                for http, version in ((ours, other), (theirs, "1"), (None, "1")):
                    for _ in range(3):
                        chosen = await on.resolver.resolve(ACCOUNT, "s", "prod", "f", http=http)
                        assert chosen.version_id == version
            assert on.resolver.at_hand(ACCOUNT, "s", "prod", "f") is None
            await on.call("PUT", f"{ALIASES}/prod", {"versionId": "2"})
            assert (await on.resolver.resolve(ACCOUNT, "s", "prod", "f", http=theirs)).version_id == "2"

    run(main())


@pytest.mark.parametrize(
    ("members", "code", "named"),
    [
        ({"aliasName": "1a"}, "InvalidArgument", "aliasName"),
        ({"aliasName": "Latest"}, "InvalidArgument", "LATEST"),
        ({"aliasName": None}, "InvalidArgument", "aliasName"),
        ({"versionId": None}, "InvalidArgument", "versionId"),
        ({"versionId": "LATEST"}, "InvalidArgument", "'LATEST'"),
        ({"versionId": "9"}, "VersionNotFound", "'9'"),
        ({"additionalVersionWeight": {"9": 0.5}}, "VersionNotFound", "'9'"),
        ({"additionalVersionWeight": {"1": 0.5}}, "InvalidArgument", "another version"),
        ({"additionalVersionWeight": {"2": 1.1}}, "InvalidArgument", "from 0 to 1"),
        ({"additionalVersionWeight": {"2": -0.1}}, "InvalidArgument", "from 0 to 1"),
        ({"additionalVersionWeight": {"2": 0.1, "3": 0.1}}, "InvalidArgument", "at most one"),
        ({"additionalVersionWeight": {"2": "much"}}, "InvalidArgument", "additionalVersionWeight.2"),
        ({"routePolicy": {"condition": "MAYBE"}}, "InvalidArgument", "AND or OR"),
        ({"resolvePolicy": "Moon"}, "InvalidArgument", "'Moon'"),
        ({"description": "x" * 1025}, "InvalidArgument", "description"),
    ],
)
def test_what_can_never_work_is_refused_and_named(tmp_path: Path, members: dict[str, Any], code: str, named: str):
    """One answer for each rule, and no alias made."""

    async def main() -> None:
        async with two_versions(tmp_path) as on:
            reply = await on.call("POST", ALIASES, {"aliasName": "prod", "versionId": "1", **members})
            assert reply.code == code
            assert named in reply.document["ErrorMessage"]
            assert (await on.call("GET", ALIASES)).document == {"aliases": []}

    run(main())


def test_a_version_that_is_used_stays(tmp_path: Path):
    """By an alias, with the main part or a share, or by a trigger."""

    async def main() -> None:
        async with two_versions(tmp_path) as on:
            body = {"aliasName": "prod", "versionId": "1", "additionalVersionWeight": {"2": 0}}
            await on.call("POST", ALIASES, body)
            for version in ("1", "2"):
                refused = await on.call("DELETE", f"/services/s/versions/{version}")
                assert (refused.status, "'prod'" in refused.document["ErrorMessage"]) == (400, True)
            await on.call("DELETE", f"{ALIASES}/prod")
            await on.http_trigger(qualifier="1")
            refused = await on.call("DELETE", "/services/s/versions/1")
            assert (refused.status, "'web'" in refused.document["ErrorMessage"]) == (400, True)
            assert (await on.call("DELETE", "/services/s/versions/2")).status == 204

    run(main())


def test_an_alias_that_a_trigger_uses_stays(tmp_path: Path):
    """Else the trigger's events would lead nowhere."""

    async def main() -> None:
        async with two_versions(tmp_path) as on:
            await on.call("POST", ALIASES, {"aliasName": "prod", "versionId": "1"})
            assert (await on.http_trigger(qualifier="prod")).status == 200
            refused = await on.call("DELETE", f"{ALIASES}/prod")
            assert (refused.status, "'web'" in refused.document["ErrorMessage"]) == (400, True)

    run(main())


def test_a_trigger_is_of_one_qualifier(tmp_path: Path):
    """An HTTP trigger on an alias lets calls by the alias in, and no others; one on nothing is refused."""

    async def main() -> None:
        async with two_versions(tmp_path) as on:
            missing = await on.http_trigger(qualifier="prod")
            assert missing.code == "AliasNotFound"
            await on.call("POST", ALIASES, {"aliasName": "prod", "versionId": "1"})
            made = await on.http_trigger(qualifier="prod")
            assert made.document["urlInternet"].endswith("/proxy/s.prod/f/")
            assert (await on.call("GET", "/proxy/s.prod/f/", key=None)).status != 403
            assert (await on.call("GET", "/proxy/s/f/", key=None)).status == 403
            prod, latest = [await on.resolver.resolve(ACCOUNT, "s", q, "f") for q in ("prod", "")]
            assert (prod.is_http, latest.is_http) == (True, False)

    run(main())


def test_a_function_that_the_new_version_lost(tmp_path: Path):
    """Those calls that the other version has are served; those that the new one gets say what is missing."""

    async def main() -> None:
        async with two_versions(tmp_path) as on:
            await on.call("DELETE", "/services/s/functions/f")
            assert (await on.call("POST", "/services/s/versions", {})).document["versionId"] == "3"
            body = {"aliasName": "prod", "versionId": "1", "additionalVersionWeight": {"3": 0.5}}
            await on.call("POST", ALIASES, body)
            codes = Counter(
                [(await on.call("POST", "/services/s.prod/functions/f/invocations")).status for _ in range(20)]
            )
            assert codes == {200: 10, 404: 10}

    run(main())


def test_compute_is_told_where_names_lead(tmp_path: Path):
    """After each change, so that instances of what nobody can be sent to any more go."""

    async def main() -> None:
        async with two_versions(tmp_path) as on:
            await on.call("POST", ALIASES, {"aliasName": "prod", "versionId": "1"})
            await on.call("PUT", f"{ALIASES}/prod", {"versionId": "2", "additionalVersionWeight": {"1": 0.5}})
            await on.call("DELETE", f"{ALIASES}/prod")
            await on.call("DELETE", "/services/s/versions/1")
            assert on.led == [
                (ACCOUNT, "s", "prod", ("2", "1")),
                (ACCOUNT, "s", "prod", ()),
                (ACCOUNT, "s", "1", ()),
            ]

    run(main())
