"""Calling functions over the wire: the headers of the call, and what comes back."""

from base64 import b64decode
from pathlib import Path

import pytest
from msgspec.structs import replace

from liuyun.model.invocation import Invocation, InvocationResult
from tests.conftest import run
from tests.unit.gateway.fc.stage import ACCOUNT, echo, stage

INVOCATIONS = "/services/s/functions/f/invocations"


def test_the_event_and_the_answer_are_bytes(tmp_path: Path):
    """Neither is parsed or changed, whatever its content type says; the answer's headers describe the call."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            reply = await on.call("POST", INVOCATIONS, b"\x00not json", headers={"content-type": "application/json"})
            assert (reply.status, reply.body) == (200, b"\x00not json")
            shown = ("content-type", "x-fc-invocation-duration", "x-fc-max-memory-usage", "x-fc-instance-id")
            assert [reply.header(name) for name in shown] == ["application/octet-stream", "2", "30.99", "i1"]
            assert reply.header("x-fc-invocation-service-version") == "LATEST"
            assert reply.header("x-fc-code-checksum") == "77"
            assert reply.header("x-fc-request-id") == on.calls[0].request_id
            assert reply.header("x-fc-error-type") == reply.header("x-fc-log-result") == ""

    run(main())


def test_the_call_says_whose_and_which_function_it_means(tmp_path: Path):
    """Account, names, qualifier and tracing headers reach the invocation."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            path = "/services/s.LATEST/functions/f/invocations"
            await on.call("POST", path, b"e", headers={"x-fc-tracing-opentracing-span-context": "abc"})
            call = on.calls[0]
            assert (call.account_id, call.service, call.qualifier, call.function) == (ACCOUNT, "s", "LATEST", "f")
            assert call.tracing == {"x-fc-tracing-opentracing-span-context": "abc"}
            assert (call.http, call.source, call.tail_log) == (None, "api", False)

    run(main())


def test_a_failed_function_is_an_answer(tmp_path: Path):
    """Status 200, the error document as JSON, and the kind of error in a header."""

    def fail(invocation: Invocation) -> InvocationResult:
        return replace(echo(invocation), payload=b'{"errorMessage":"boom"}', error_type="UnhandledInvocationError")

    async def main() -> None:
        async with stage(tmp_path, answer=fail) as on:
            await on.deploy()
            reply = await on.call("POST", INVOCATIONS, b"")
            assert (reply.status, reply.document) == (200, {"errorMessage": "boom"})
            assert reply.header("x-fc-error-type") == "UnhandledInvocationError"
            assert reply.header("content-type") == "application/json"

    run(main())


def test_the_log_comes_along_when_asked_for(tmp_path: Path):
    """At most its last 4 KB, in base64."""

    def log(invocation: Invocation) -> InvocationResult:
        return replace(echo(invocation), log_tail="x" * 5000 + "end" if invocation.tail_log else "")

    async def main() -> None:
        async with stage(tmp_path, answer=log) as on:
            await on.deploy()
            reply = await on.call("POST", INVOCATIONS, b"", headers={"x-fc-log-type": "Tail"})
            tail = b64decode(reply.header("x-fc-log-result"))
            assert len(tail) == 4096
            assert tail.endswith(b"end")

    run(main())


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("x-fc-invocation-type", "Later", "later"),
        ("x-fc-log-type", "Head", "head"),
    ],
)
def test_what_a_call_cannot_ask_for_is_named(tmp_path: Path, name: str, value: str, named: str):
    """A kind of call that isn't there is refused, and nothing runs."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            reply = await on.call("POST", INVOCATIONS, b"", headers={name: value})
            assert (reply.status, reply.code) == (400, "InvalidArgument")
            assert named in reply.document["ErrorMessage"]
            assert on.calls == []

    run(main())


def test_missing_functions_have_their_codes(tmp_path: Path):
    """A call says which name was wrong."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            for path, code in (
                ("/services/x/functions/f/invocations", "ServiceNotFound"),
                ("/services/s/functions/x/invocations", "FunctionNotFound"),
                ("/services/s.7/functions/f/invocations", "VersionNotFound"),
                ("/services/s.prod/functions/f/invocations", "AliasNotFound"),
            ):
                reply = await on.call("POST", path, b"")
                assert (reply.status, reply.code) == (404, code)

    run(main())


def test_a_functions_credentials_call_functions_and_change_none(tmp_path: Path):
    """Temporary credentials may invoke; what is deployed is not theirs to change."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            own = on.temporary.issue(ACCOUNT, "s/f")
            key, token = (own.access_key_id, own.access_key_secret), {"x-fc-security-token": own.security_token}
            assert (await on.call("POST", INVOCATIONS, b"e", headers=token, key=key)).body == b"e"
            refused = await on.call("DELETE", "/services/s/functions/f", headers=token, key=key)
            assert (refused.status, refused.code) == (403, "AccessDenied")

    run(main())
