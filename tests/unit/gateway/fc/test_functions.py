"""Functions and their code over the wire."""

from pathlib import Path
from typing import Any

import pytest
from fastcrc import crc64

from tests.conftest import run
from tests.unit.gateway.fc.stage import package, stage, zip_text

FUNCTIONS = "/services/s/functions"
GOOD: dict[str, Any] = {"functionName": "g", "runtime": "python3", "handler": "index.handler"}


def test_a_function_comes_back_as_it_was_made(tmp_path: Path):
    """Every member that was set is shown, with the checksum and size of the code."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            given = {
                "functionName": "f", "runtime": "python3.10", "handler": "a/b.h", "memorySize": 192, "timeout": 86400,
                "initializer": "a/b.init", "initializationTimeout": 300, "instanceConcurrency": 5,
                "environmentVariables": {"A": "1"}, "description": "d", "instanceType": "e1", "caPort": 9000,
            }  # fmt: skip
            await on.deploy(**given)
            found = (await on.call("GET", f"{FUNCTIONS}/f")).document
            assert found.items() >= given.items()
            assert found["codeSize"] == len(package())
            assert found["codeChecksum"] == str(crc64.xz(package()))

    run(main())


def test_defaults_are_the_vendors(tmp_path: Path):
    """Members that nobody gave have the API's defaults."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy(description=None, environmentVariables=None)
            found = (await on.call("GET", f"{FUNCTIONS}/f")).document
            assert (found["timeout"], found["memorySize"], found["instanceConcurrency"]) == (3, 128, 1)

    run(main())


@pytest.mark.parametrize(
    ("member", "value", "named"),
    [
        ("functionName", "9f", "functionName"),
        ("functionName", "f" * 65, "functionName"),
        ("runtime", "cobol", "'cobol'"),
        ("runtime", None, "runtime"),
        ("runtime", "custom-container", "custom-container"),
        ("handler", "", "handler"),
        ("handler", "a\nb", "handler"),
        ("memorySize", 130, "multiple of 64"),
        ("memorySize", 64, "memorySize"),
        ("memorySize", "much", "memorySize"),
        ("timeout", 0, "timeout"),
        ("timeout", 86401, "timeout"),
        ("instanceConcurrency", 201, "instanceConcurrency"),
        ("initializationTimeout", 301, "initializationTimeout"),
        ("environmentVariables", {"A": "x" * 4096}, "4096"),
        ("environmentVariables", {"1A": "x"}, "'1A'"),
        ("environmentVariables", {"FC_X": "x"}, "'FC_X'"),
        ("environmentVariables", {"accessKeyID": "x"}, "reserved"),
        ("environmentVariables", {"A": 1}, "environmentVariables.A"),
        ("environmentVariables", {"A": "\0"}, "NUL"),
        ("code", None, "code is required"),
        ("code", {"zipFile": "abcde"}, "base64"),
        ("code", {"zipFile": "aGVsbG8="}, "not a zip file"),
        ("code", {"ossBucketName": "b", "ossObjectName": "o"}, "The bucket b does not exist"),
        ("customRuntimeConfig", {"command": ["x" * 70_000]}, "configuration"),
    ],
)
def test_what_can_never_work_is_refused_and_named(tmp_path: Path, member: str, value: object, named: str):
    """One 400 for each rule, with the member or value in its message, and no function made."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.call("POST", "/services", {"serviceName": "s"})
            body = {**GOOD, "code": {"zipFile": zip_text()}, member: value}
            reply = await on.call("POST", FUNCTIONS, body)
            assert (reply.status, reply.code) == (400, "InvalidArgument")
            assert named in reply.document["ErrorMessage"]
            assert (await on.call("GET", FUNCTIONS)).document == {"functions": []}

    run(main())


def test_a_missing_layer_is_named(tmp_path: Path):
    """A layer that is asked for and doesn't exist is not passed over in silence."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            reply = await on.call("PUT", f"{FUNCTIONS}/f", {"layers": ["acs:fc:r:1:layers/l/versions/1"]})
            assert (reply.status, reply.code) == (404, "LayerVersionNotFound")

    run(main())


def test_missing_and_taken_names(tmp_path: Path):
    """Each kind of missing or taken thing has its own code."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            body = {**GOOD, "code": {"zipFile": zip_text()}}
            assert (await on.call("POST", FUNCTIONS, body)).code == "ServiceNotFound"
            await on.deploy("g")
            again = await on.call("POST", FUNCTIONS, body)
            assert (again.status, again.code) == (409, "FunctionAlreadyExists")
            for method, path in (("GET", "/x"), ("PUT", "/x"), ("DELETE", "/x"), ("GET", "/x/code")):
                reply = await on.call(method, FUNCTIONS + path, b"{}")
                assert (reply.status, reply.code) == (404, "FunctionNotFound")

    run(main())


def test_an_update_is_seen_at_once(tmp_path: Path):
    """The next call after an answered update runs the new configuration, and the instances are told."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            before = await on.resolver.resolve("1234567890123456", "s", "", "f")
            etag = (await on.call("GET", f"{FUNCTIONS}/f")).header("etag")
            code = {"zipFile": zip_text({"index.py": "new"})}
            reply = await on.call("PUT", f"{FUNCTIONS}/f", {"timeout": 9, "code": code}, headers={"if-match": etag})
            after = await on.resolver.resolve("1234567890123456", "s", "", "f")
            assert reply.status == 200
            assert (before.function.timeout_s, after.function.timeout_s) == (3, 9)
            assert after.revision != before.revision
            assert (Path(after.code_dir) / "index.py").read_text() == "new"
            assert on.replaced == [("1234567890123456", "s", "f")]

    run(main())


def test_a_stale_condition_leaves_the_function(tmp_path: Path):
    """Neither update nor delete passes with an old ETag."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            for method in ("PUT", "DELETE"):
                reply = await on.call(method, f"{FUNCTIONS}/f", {"timeout": 9}, headers={"if-match": "old"})
                assert (reply.status, reply.code) == (412, "PreconditionFailed")
            assert (await on.call("GET", f"{FUNCTIONS}/f")).document["timeout"] == 3

    run(main())


def test_an_announced_checksum_must_be_right(tmp_path: Path):
    """Code that changed on its way is refused; the right checksum passes."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            body = {"code": {"zipFile": zip_text({"index.py": "x"})}}
            wrong = await on.call("PUT", f"{FUNCTIONS}/f", body, headers={"x-fc-code-checksum": "1"})
            assert "checksum" in wrong.document["ErrorMessage"]
            right = {"x-fc-code-checksum": str(crc64.xz(package({"index.py": "x"})))}
            assert (await on.call("PUT", f"{FUNCTIONS}/f", body, headers=right)).status == 200

    run(main())


def test_code_can_be_downloaded_by_its_link_alone(tmp_path: Path):
    """The link needs no signature, leads back to the port, and dies with its time."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            found = (await on.call("GET", f"{FUNCTIONS}/f/code")).document
            assert found["checksum"] == str(crc64.xz(package()))
            assert found["url"].startswith("http://127.0.0.1:7080/2016-08-15/")
            path, _, query = found["url"].removeprefix("http://127.0.0.1:7080").partition("?")
            assert (await on.send("GET", path, query, {}, b"")).body == package()
            forged = await on.send("GET", path, query.replace("expires=1", "expires=2"), {}, b"")
            await on.clock.advance(601)
            late = await on.send("GET", path, query, {}, b"")
            assert [forged.code, late.code] == ["AccessDenied", "AccessDenied"]

    run(main())


def test_a_package_over_the_limit_is_refused(tmp_path: Path):
    """The size of the zip file is bounded, whatever the body was allowed to be."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            on.code._limits = on.code._limits.__class__(100, 10**6, 10)
            reply = await on.call("PUT", f"{FUNCTIONS}/f", {"code": {"zipFile": zip_text({"a": "b" * 200})}})
            assert (reply.status, reply.code) == (400, "EntityTooLarge")

    run(main())


def test_functions_are_listed_by_name(tmp_path: Path):
    """A list of one service, whole or by pages."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            for name in ("b", "a", "c"):
                await on.deploy(name)
            page = (await on.call("GET", FUNCTIONS, query="limit=2")).document
            rest = (await on.call("GET", FUNCTIONS, query=f"limit=2&nextToken={page['nextToken']}")).document
            assert [f["functionName"] for f in page["functions"] + rest["functions"]] == ["a", "b", "c"]
            assert "nextToken" not in rest
            assert (await on.call("GET", "/services/none/functions")).code == "ServiceNotFound"

    run(main())


def test_only_the_newest_state_has_a_name(tmp_path: Path):
    """A version or alias that nobody published is named as missing."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            assert (await on.call("GET", "/services/s.LATEST/functions/f")).status == 200
            assert (await on.call("GET", "/services/s.1/functions/f")).code == "VersionNotFound"
            assert (await on.call("GET", "/services/s.prod/functions/f")).code == "AliasNotFound"

    run(main())


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'{"timeout": {}}', b"[" * 100_000])
def test_a_body_that_is_no_use_is_refused(tmp_path: Path, body: bytes):
    """Garbage gets one clear answer."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            reply = await on.call("PUT", f"{FUNCTIONS}/f", body)
            assert (reply.status, reply.code) == (400, "InvalidArgument")

    run(main())
