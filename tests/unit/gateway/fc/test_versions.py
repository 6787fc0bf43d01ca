"""Versions of a service over the wire."""

from pathlib import Path

import pytest

from tests.conftest import run
from tests.unit.gateway.fc.stage import ACCOUNT, Stage, stage, zip_text

VERSIONS = "/services/s/versions"


async def publish(on: Stage) -> str:
    reply = await on.call("POST", VERSIONS, {"description": "d"})
    assert reply.status == 200, reply.body
    return reply.document["versionId"]


def is_there(code_dir: str) -> bool:
    return Path(code_dir).is_dir()


async def change(on: Stage, **members: object) -> None:
    assert (await on.call("PUT", "/services/s/functions/f", members)).status == 200


def test_a_version_stays_as_it_was_published(tmp_path: Path):
    """Later changes of the service, the function and its code don't reach it, by reading or by calling."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy(timeout=3)
            assert await publish(on) == "1"
            await change(on, timeout=9, code={"zipFile": zip_text({"index.py": "x = 1"})})
            await on.call("PUT", "/services/s", {"description": "later"})
            await on.call("POST", "/services/s/functions", {
                "functionName": "g", "runtime": "python3", "handler": "h.h", "code": {"zipFile": zip_text()}
            })  # fmt: skip
            assert (await on.call("GET", "/services/s.1")).document["description"] == ""
            assert (await on.call("GET", "/services/s.1/functions/f")).document["timeout"] == 3
            assert (await on.call("GET", "/services/s.1/functions/g")).code == "FunctionNotFound"
            listed = (await on.call("GET", "/services/s.1/functions")).document["functions"]
            assert [function["functionName"] for function in listed] == ["f"]
            old, new = [await on.resolver.resolve(ACCOUNT, "s", q, "f") for q in ("1", "LATEST")]
            assert (old.version_id, new.version_id) == ("1", "LATEST")
            assert (old.function.timeout_s, new.function.timeout_s) == (3, 9)
            assert old.code_dir != new.code_dir
            assert old.revision != new.revision

    run(main())


def test_the_code_of_a_version_is_kept(tmp_path: Path):
    """The sweep at the next start leaves what only a version needs, and takes it once the version is gone."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            await publish(on)
            code_dir = (await on.resolver.resolve(ACCOUNT, "s", "1", "f")).code_dir
            await change(on, code={"zipFile": zip_text({"index.py": "x = 1"})})
            await on.functions.start()
            assert is_there(code_dir)
            assert (await on.call("DELETE", f"{VERSIONS}/1")).status == 204
            await on.functions.start()
            assert not is_there(code_dir)

    run(main())


def test_nothing_new_is_not_published_again(tmp_path: Path):
    """400, since the vendor's tools ask three times after a 409."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            await publish(on)
            again = await on.call("POST", VERSIONS, {})
            assert (again.status, again.code) == (400, "InvalidArgument")
            assert "nothing has changed since version 1" in again.document["ErrorMessage"]
            await change(on, description="new")
            assert await publish(on) == "2"

    run(main())


def test_numbers_are_not_used_again(tmp_path: Path):
    """The version after a deleted one has the next number."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            await publish(on)
            await on.call("DELETE", f"{VERSIONS}/1")
            assert await publish(on) == "2"
            assert (await on.call("GET", "/services/s.1")).code == "VersionNotFound"

    run(main())


def test_versions_are_listed_both_ways(tmp_path: Path):
    """The newest first, unless asked for the oldest; by number, not by text, in pages."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            for i in range(11):
                await change(on, description=str(i))
                await publish(on)
            first = (await on.call("GET", VERSIONS, query="limit=3")).document
            assert ([v["versionId"] for v in first["versions"]], first["direction"]) == (["11", "10", "9"], "BACKWARD")
            second = (await on.call("GET", VERSIONS, query=f"limit=20&nextToken={first['nextToken']}")).document
            assert [v["versionId"] for v in second["versions"]] == [str(n) for n in range(8, 0, -1)]
            assert "nextToken" not in second
            upward = (await on.call("GET", VERSIONS, query="direction=FORWARD&startKey=9")).document
            assert [v["versionId"] for v in upward["versions"]] == ["9", "10", "11"]
            assert upward["versions"][0]["createdTime"]

    run(main())


@pytest.mark.parametrize(
    ("query", "named"), [("direction=UP", "direction"), ("startKey=x", "startKey"), (f"startKey={'9' * 40}", "number")]
)
def test_a_list_that_makes_no_sense_is_refused(tmp_path: Path, query: str, named: str):
    """400 with what is wrong."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            reply = await on.call("GET", VERSIONS, query=query)
            assert (reply.status, named in reply.document["ErrorMessage"]) == (400, True)

    run(main())


@pytest.mark.parametrize("qualifier", ["7", "07", "9" * 30, "prod"])
def test_what_was_never_published_is_not_found(tmp_path: Path, qualifier: str):
    """Each way to name a version says what is missing."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            code = "AliasNotFound" if qualifier == "prod" else "VersionNotFound"
            for method, path in (
                ("GET", f"/services/s.{qualifier}"),
                ("GET", f"/services/s.{qualifier}/functions"),
                ("GET", f"/services/s.{qualifier}/functions/f"),
                ("POST", f"/services/s.{qualifier}/functions/f/invocations"),
            ):
                reply = await on.call(method, path)
                assert (reply.status, reply.code) == (404, code)

    run(main())


def test_publishing_can_be_bound_to_a_state(tmp_path: Path):
    """If-Match names the service that is meant."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            stale = await on.call("POST", VERSIONS, {}, headers={"if-match": "stale"})
            assert (stale.status, stale.code) == (412, "PreconditionFailed")
            assert (await on.call("GET", VERSIONS)).document["versions"] == []

    run(main())


def test_a_service_with_versions_stays(tmp_path: Path):
    """It can be deleted once functions and versions are gone, and its numbers begin anew if it comes again."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            await publish(on)
            await on.call("DELETE", "/services/s/functions/f")
            assert (await on.call("DELETE", "/services/s")).code == "ServiceNotEmpty"
            assert (await on.call("GET", "/services/s.1/functions/f")).status == 200
            await on.call("DELETE", f"{VERSIONS}/1")
            assert (await on.call("DELETE", "/services/s")).status == 204
            await on.deploy()
            assert await publish(on) == "1"

    run(main())


def test_missing_things_have_their_codes(tmp_path: Path):
    """A service or version that isn't there."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            assert (await on.call("POST", VERSIONS, {})).code == "ServiceNotFound"
            assert (await on.call("GET", VERSIONS)).code == "ServiceNotFound"
            await on.deploy()
            for name in ("1", "LATEST", "x"):
                assert (await on.call("DELETE", f"{VERSIONS}/{name}")).code == "VersionNotFound"

    run(main())
