"""Services and tags over the wire."""

from pathlib import Path

from tests.conftest import run
from tests.unit.gateway.fc.stage import stage, zip_text


def test_a_service_comes_back_as_it_was_made(tmp_path: Path):
    """What isn't acted on is stored and given back too."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            given = {"serviceName": "s", "description": "d", "role": "r", "internetAccess": False}
            config = {"vpcConfig": {"vpcId": "v"}, "logConfig": {"project": "p", "logstore": "l"}}
            made = await on.call("POST", "/services", {**given, **config, "nasConfig": None, "new": 1})
            found = await on.call("GET", "/services/s")
            assert made.document == found.document
            assert found.document.items() >= {**given, **config}.items()
            assert found.document["createdTime"] == "2023-11-14T22:13:20.000Z"
            assert "nasConfig" not in found.document

    run(main())


def test_an_update_changes_only_what_it_names(tmp_path: Path):
    """A member that is absent or null keeps its value."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.call("POST", "/services", {"serviceName": "s", "description": "old", "vpcConfig": {"vpcId": "v"}})
            await on.clock.advance(5)
            await on.call("PUT", "/services/s", {"role": "r", "description": None})
            found = (await on.call("GET", "/services/s")).document
            assert (found["role"], found["description"], found["vpcConfig"]) == ("r", "old", {"vpcId": "v"})
            assert found["lastModifiedTime"] > found["createdTime"]

    run(main())


def test_a_service_name_is_taken_once(tmp_path: Path):
    """Creating what is there is a conflict, and changes nothing."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.call("POST", "/services", {"serviceName": "s", "description": "first"})
            again = await on.call("POST", "/services", {"serviceName": "s", "description": "second"})
            assert (again.status, again.code) == (409, "ServiceAlreadyExists")
            assert (await on.call("GET", "/services/s")).document["description"] == "first"

    run(main())


def test_a_condition_that_fails_changes_nothing(tmp_path: Path):
    """A stale ETag is answered with 412; the right one passes, for updates and deletions."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            etag = (await on.call("POST", "/services", {"serviceName": "s"})).header("etag")
            stale = await on.call("PUT", "/services/s", {"role": "x"}, headers={"if-match": "stale"})
            assert (stale.status, stale.code) == (412, "PreconditionFailed")
            assert (await on.call("GET", "/services/s")).document["role"] == ""
            assert (await on.call("DELETE", "/services/s", headers={"if-match": "stale"})).status == 412
            new = await on.call("PUT", "/services/s", {"role": "x"}, headers={"if-match": etag})
            assert new.status == 200
            assert new.header("etag") != etag
            assert (await on.call("DELETE", "/services/s", headers={"if-match": new.header("etag")})).status == 204

    run(main())


def test_only_an_empty_service_can_be_deleted(tmp_path: Path):
    """Functions are never deleted by the way."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            refused = await on.call("DELETE", "/services/s")
            assert (refused.status, refused.code) == (409, "ServiceNotEmpty")
            await on.call("DELETE", "/services/s/functions/f")
            gone = await on.call("DELETE", "/services/s")
            assert (gone.status, gone.body) == (204, b"")
            assert (await on.call("GET", "/services/s")).code == "ServiceNotFound"

    run(main())


def test_lists_go_by_name_and_by_pages(tmp_path: Path):
    """Prefix, start key and token cut the list; the last page has no token."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            for name in ("b1", "a1", "a3", "a2", "c"):
                await on.call("POST", "/services", {"serviceName": name})

            async def names(query: str) -> list[str]:
                found = (await on.call("GET", "/services", query=query)).document
                return [s["serviceName"] for s in found["services"]] + (
                    [found["nextToken"]] if "nextToken" in found else []
                )

            assert await names("") == ["a1", "a2", "a3", "b1", "c"]
            assert await names("prefix=a&startKey=a2") == ["a2", "a3"]
            *first, token = await names("prefix=a&limit=2")
            assert first == ["a1", "a2"]
            assert await names(f"prefix=a&limit=2&nextToken={token}") == ["a3"]

    run(main())


def test_a_list_is_bounded(tmp_path: Path):
    """A limit that isn't from 1 to 100 is refused and named."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            for query in ("limit=0", "limit=101", "limit=x", "nextToken=%ff%ff"):
                reply = await on.call("GET", "/services", query=query)
                assert (reply.status, reply.code) == (400, "InvalidArgument")

    run(main())


def test_tags_are_set_found_and_removed(tmp_path: Path):
    """Tags of a service select it in lists; removing them is answered with JSON."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            for name in ("s", "t"):
                await on.call("POST", "/services", {"serviceName": name})
            arn = "acs:fc:cn-hangzhou:1:services/s"
            await on.call("POST", "/tag", {"resourceArn": arn, "tags": {"k": "v", "env": None}})
            tags = (await on.call("GET", "/tag", query=f"resourceArn={arn}")).document
            assert tags["tags"] == {"env": "", "k": "v"}
            found = (await on.call("GET", "/services", query="tag_k=v")).document["services"]
            assert [service["serviceName"] for service in found] == ["s"]
            removed = await on.call("DELETE", "/tag", {"resourceArn": "services/s", "tagKeys": ["k"], "all": False})
            assert (removed.status, list(removed.document)) == (200, ["requestId"])
            assert (await on.call("GET", "/tag", query=f"resourceArn={arn}")).document["tags"] == {"env": ""}

    run(main())


def test_names_are_checked(tmp_path: Path):
    """A bad name is shown in the message."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            for name in ("", "1a", "-a", "a.b", "a" * 129, "é", None):
                reply = await on.call("POST", "/services", {"serviceName": name})
                assert (reply.status, reply.code) == (400, "InvalidArgument")
                assert "serviceName" in reply.document["ErrorMessage"]

    run(main())


def test_an_update_of_a_service_tells_its_functions(tmp_path: Path):
    """A service's settings are its functions' settings: their instances must follow."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy("f")
            await on.call("POST", "/services/s/functions", {
                "functionName": "g", "runtime": "python3", "handler": "a.b", "code": {"zipFile": zip_text()},
            })  # fmt: skip
            await on.call("PUT", "/services/s", {"internetAccess": False})
            assert [function for _, _, function in on.replaced] == ["f", "g"]

    run(main())
