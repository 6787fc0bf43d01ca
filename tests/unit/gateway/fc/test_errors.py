"""What went wrong, in the product's words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from liuyun import errors
from liuyun.errors import PlatformError
from liuyun.gateway.fc.errors import status_and_code
from liuyun.settings import Limits
from tests.conftest import run
from tests.unit.gateway.fc.stage import stage


def subclasses(error: type[PlatformError]) -> Iterator[type[PlatformError]]:
    for child in error.__subclasses__():
        yield child
        yield from subclasses(child)


@pytest.mark.parametrize("error", dict.fromkeys(subclasses(errors.PlatformError)))
def test_no_expected_error_looks_like_a_passing_fault(error: type[PlatformError]):
    """Clients retry 500, 502 and 504 in silence for half a minute, so no expected error uses them."""
    status, code = status_and_code(error)
    assert 400 <= status < 600
    assert status not in {500, 502, 504}
    assert code[0].isupper()


def test_an_error_satisfies_every_client(tmp_path: Path):
    """Old clients read ErrorCode and ErrorMessage, new ones Code, Message and RequestId."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            reply = await on.call("GET", "/services/none")
            body = reply.document
            assert body["ErrorCode"] == body["Code"] == "ServiceNotFound"
            assert body["ErrorMessage"] == body["Message"] == "service 'none' does not exist"
            assert body["RequestId"] == reply.header("x-fc-request-id")
            assert reply.header("content-type") == "application/json"

    run(main())


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/moons"),
        ("PATCH", "/services"),
        ("GET", "/services/s/moons"),
        ("GET", ""),
        ("GET", "/"),
        ("GET", "/services//functions"),
        ("POST", "/services/s/functions/f/invocations/x"),
        ("GET", "/services/s/functions/f/triggers/t/"),
    ],
)
def test_an_unknown_operation_is_named(tmp_path: Path, method: str, path: str):
    """400 PathNotSupported, with what was asked."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            reply = await on.call(method, path or "/")
            assert (reply.status, reply.code) == (400, "PathNotSupported")

    run(main())


def test_who_asks_is_checked(tmp_path: Path):
    """Wrong secret, unknown key, no signature, no date, old date: each has its code."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            assert (await on.call("GET", "/services", key=("LTAItest", "wrong"))).code == "SignatureNotMatch"
            assert (await on.call("GET", "/services", key=("nobody", "x"))).code == "InvalidAccessKeyID"
            unsigned = await on.call("GET", "/services", key=None)
            assert (unsigned.status, unsigned.code) == (400, "MissingRequiredHeader")
            old = {"date": "Tue, 14 Nov 2023 20:00:00 GMT"}
            assert (await on.call("GET", "/services", headers=old)).code == "RequestTimeTooSkewed"

    run(main())


def test_the_odd_digest_of_node_is_only_signed(tmp_path: Path):
    """Node's client sends base64 of the hexadecimal digest as Content-MD5: it isn't checked against the body."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            headers = {"content-md5": "ZWE1ZTVl", "x-fc-account-id": "1", "content-type": "application/json"}
            assert (await on.call("POST", "/services", {"serviceName": "s"}, headers=headers)).status == 200

    run(main())


def test_a_body_over_the_limit_is_refused(tmp_path: Path):
    """Events and management requests have limits of their own."""

    async def main() -> None:
        limits = Limits(request_bytes=1000, invocation_bytes=2000)
        async with stage(tmp_path, limits=limits) as on:
            await on.deploy()
            assert (await on.call("POST", "/services", b"x" * 1001)).code == "EntityTooLarge"
            assert (await on.call("POST", "/services/s/functions/f/invocations", b"x" * 2000)).status == 200
            over = await on.call("POST", "/services/s/functions/f/invocations", b"x" * 2001)
            assert (over.status, over.code) == (400, "EntityTooLarge")

    run(main())


def test_vendor_host_names_lead_here(tmp_path: Path):
    """A request to the account's name for function compute is this product's; one to another product's name is not."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            own = {"host": "1234567890123456.cn-hangzhou.fc.aliyuncs.com"}
            other = {"host": "1234567890123456.mns.cn-hangzhou.aliyuncs.com"}
            assert (await on.call("GET", "/account-settings", headers=own)).status == 200
            assert (await on.call("GET", "/account-settings", headers=other)).status == 404

    run(main())
