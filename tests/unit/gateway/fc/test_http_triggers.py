"""Functions behind URLs."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from liuyun.clock import rfc3339
from liuyun.model.invocation import HttpAnswer, Invocation, InvocationResult
from tests.conftest import run
from tests.unit.gateway.fc.stage import KEY, SECRET, Stage, echo, stage


def answering(status: int = 200, *headers: tuple[str, str]) -> Callable[[Invocation], InvocationResult]:
    return lambda invocation: replace(echo(invocation), http=HttpAnswer(status, headers))


async def opened(on: Stage, auth: str = "anonymous") -> None:
    await on.deploy()
    reply = await on.http_trigger(auth, ("GET", "POST", "HEAD"))
    assert reply.status == 200, reply.body


def test_the_function_sees_the_request(tmp_path: Path):
    """Method, decoded path behind the function, query and URI as sent, headers, body and caller."""

    async def main() -> None:
        async with stage(tmp_path, answer=answering()) as on:
            await opened(on)
            headers = {"x-fc-log-type": "Tail", "te": "trailers", "cookie": "a=1", "host": "h:1"}
            await on.call("POST", "/proxy/s/f/a%20b/c", b"body", query="x=1&x=%2F", headers=headers, key=None)
            call = on.calls[0]
            assert call.http is not None
            assert (call.http.method, call.http.path, call.http.query) == ("POST", "/a b/c", "x=1&x=%2F")
            assert call.http.request_uri == "/2016-08-15/proxy/s/f/a%20b/c?x=1&x=%2F"
            assert (call.http.client_ip, call.http.host) == ("9.8.7.6", "h:1")
            assert {name for name, _ in call.http.headers} == {"cookie", "host", "date"}
            assert (call.payload, call.source, call.tail_log) == (b"body", "http", True)

    run(main())


@pytest.mark.parametrize("length", ["²", "-1", "9" * 5000, ""])
def test_a_length_that_is_none_fails_no_call(tmp_path: Path, length: str):
    """A server in front may let anything through; only a length past every limit is refused."""

    async def main() -> None:
        async with stage(tmp_path, answer=answering()) as on:
            await opened(on)
            reply = await on.call("POST", "/proxy/s/f/", b"body", headers={"content-length": length}, key=None)
            assert reply.status == (400 if length.startswith("9") else 200)

    run(main())


@pytest.mark.parametrize(("path", "seen"), [("/proxy/s/f", "/"), ("/proxy/s/f/", "/"), ("/proxy/s.LATEST/f/x/", "/x/")])
def test_the_path_begins_behind_the_function(tmp_path: Path, path: str, seen: str):
    """With or without a final slash, with or without a qualifier."""

    async def main() -> None:
        async with stage(tmp_path, answer=answering()) as on:
            await opened(on)
            assert (await on.call("GET", path, key=None)).status == 200
            assert on.calls[0].http is not None
            assert on.calls[0].http.path == seen

    run(main())


def test_the_answer_is_the_functions(tmp_path: Path):
    """Status and headers go through, repeats too; those of the connection and of the platform don't."""

    async def main() -> None:
        own = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Content-Type", "text/x")]
        lost = [("Content-Length", "99"), ("Server", "me"), ("X-Fc-Request-Id", "mine"), ("Connection", "close")]
        lost += [("Transfer-Encoding", "chunked"), ("Trailer", "X-A"), ("Upgrade", "h2c")]
        async with stage(tmp_path, answer=answering(418, *own, *lost)) as on:
            await opened(on)
            reply = await on.call("POST", "/proxy/s/f/", b"tea", key=None)
            assert (reply.status, reply.body) == (418, b"tea")
            assert [pair for pair in reply.headers if pair in own] == own
            assert not [pair for pair in reply.headers if pair in lost]
            assert reply.header("content-length") == "3"
            assert reply.header("x-fc-request-id") == on.calls[0].request_id

    run(main())


@pytest.mark.parametrize(
    ("given", "sent"),
    [("", "attachment"), ("inline", "attachment"), ('attachment; filename="a"', 'attachment; filename="a"')],
)
def test_the_shared_domain_saves_and_does_not_show(tmp_path: Path, given: str, sent: str):
    """Nobody's page runs under the domain that all functions share."""

    async def main() -> None:
        headers = [("content-disposition", given)] if given else []
        async with stage(tmp_path, answer=answering(200, *headers)) as on:
            await opened(on)
            reply = await on.call("GET", "/proxy/s/f/", key=None)
            assert [v for name, v in reply.headers if name.lower() == "content-disposition"] == [sent]

    run(main())


def test_a_failed_function_is_a_bad_gateway(tmp_path: Path):
    """502 with the error document, and no ErrorCode."""

    def fail(invocation: Invocation) -> InvocationResult:
        return replace(echo(invocation), payload=b'{"errorMessage":"gone"}', error_type="UnhandledInvocationError")

    async def main() -> None:
        async with stage(tmp_path, answer=fail) as on:
            await opened(on)
            reply = await on.call("GET", "/proxy/s/f/", key=None)
            assert (reply.status, reply.document) == (502, {"errorMessage": "gone"})
            assert reply.header("x-fc-request-id")

    run(main())


@pytest.mark.parametrize(
    "answer",
    [
        answering(99),
        answering(700),
        answering(200, ("a", "x\r\nSet-Cookie: b=1")),
        answering(200, ("é", "x")),
        answering(200, ("a", "中")),
        answering(200, ("a", "x" * 9000)),
    ],
)
def test_an_answer_that_cannot_be_sent_is_named(tmp_path: Path, answer: Callable[[Invocation], InvocationResult]):
    """502 BadResponse for a status or header that HTTP has no place for."""

    async def main() -> None:
        async with stage(tmp_path, answer=answer) as on:
            await opened(on)
            reply = await on.call("GET", "/proxy/s/f/", key=None)
            assert (reply.status, reply.code) == (502, "BadResponse")

    run(main())


def test_only_the_triggers_methods_pass(tmp_path: Path):
    """Another method is refused before anything runs."""

    async def main() -> None:
        async with stage(tmp_path, answer=answering()) as on:
            await opened(on)
            reply = await on.call("DELETE", "/proxy/s/f/", key=None)
            assert (reply.status, reply.code) == (405, "MethodNotAllowed")
            assert reply.header("allow") == "GET, POST, HEAD"
            assert on.calls == []

    run(main())


def test_without_a_trigger_there_is_no_url(tmp_path: Path):
    """A function is reached by URL only once it has an HTTP trigger, and only as long."""

    async def main() -> None:
        async with stage(tmp_path, answer=answering()) as on:
            await on.deploy()
            assert (await on.call("GET", "/proxy/s/f/", key=None)).status == 403
            await on.http_trigger()
            assert (await on.call("GET", "/proxy/s/f/", key=None)).status == 200
            await on.call("DELETE", "/services/s/functions/f/triggers/web")
            assert (await on.call("GET", "/proxy/s/f/", key=None)).code == "AccessDenied"
            assert (await on.call("GET", "/proxy/s/none/", key=None)).code == "FunctionNotFound"

    run(main())


def test_a_disabled_url_is_closed(tmp_path: Path):
    """disableURLInternet closes the URL and leaves the API."""

    async def main() -> None:
        async with stage(tmp_path, answer=answering()) as on:
            await opened(on)
            config = {"disableURLInternet": True}
            await on.call("PUT", "/services/s/functions/f/triggers/web", {"triggerConfig": config})
            assert (await on.call("GET", "/proxy/s/f/", key=None)).status == 403
            assert (await on.call("POST", "/services/s/functions/f/invocations")).status == 200

    run(main())


def test_a_signed_trigger_takes_only_signed_requests(tmp_path: Path):
    """The signature covers the query: unsigned, tampered and wrongly signed requests are refused."""

    async def main() -> None:
        async with stage(tmp_path, answer=answering()) as on:
            await opened(on, "function")
            assert (await on.call("GET", "/proxy/s/f/a", query="b=2&a=x+y&b=1")).status == 200
            unsigned = await on.call("GET", "/proxy/s/f/a", key=None)
            wrong = await on.call("GET", "/proxy/s/f/a", key=("LTAItest", "wrong"))
            assert [(r.status, r.code) for r in (unsigned, wrong)] == [
                (403, "AccessDenied"),
                (403, "SignatureNotMatch"),
            ]
            assert len(on.calls) == 1

    run(main())


def test_an_anonymous_trigger_leaves_authorization_to_the_function(tmp_path: Path):
    """A header that means something to the function isn't taken for a signature."""

    async def main() -> None:
        async with stage(tmp_path, answer=answering()) as on:
            await opened(on)
            headers = {"authorization": "Bearer token"}
            assert (await on.call("GET", "/proxy/s/f/", headers=headers, key=None)).status == 200
            assert on.calls[0].http is not None
            assert ("authorization", "Bearer token") in on.calls[0].http.headers

    run(main())


@pytest.mark.parametrize(("query", "header"), [("q" * 5000, "x"), ("", "x" * 9000)])
def test_the_size_of_a_request_is_bounded(tmp_path: Path, query: str, header: str):
    """Address and headers have limits of their own."""

    async def main() -> None:
        async with stage(tmp_path, answer=answering()) as on:
            await opened(on)
            reply = await on.call("GET", "/proxy/s/f/", query=query, headers={"x": header}, key=None)
            assert (reply.status, reply.code) == (400, "InvalidArgument")

    run(main())


async def joined(body: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in body])


def test_a_long_body_is_handed_on_as_it_comes(tmp_path: Path):
    """And so is one whose length nobody knows; a short one is there at once."""

    async def main() -> None:
        async with stage(tmp_path, answer=answering()) as on:
            await opened(on)
            long = b"x" * 100_000
            await on.call("POST", "/proxy/s/f/", long, headers={"content-length": "100000"}, key=None)
            await on.call("POST", "/proxy/s/f/", b"?", headers={"transfer-encoding": "chunked"}, key=None)
            await on.call("POST", "/proxy/s/f/", b"short", headers={"content-length": "5"}, key=None)
            first, second, third = on.calls
            assert first.body is not None
            assert second.body is not None
            assert (await joined(first.body), await joined(second.body)) == (long, b"?")
            assert (third.body, third.payload) == (None, b"short")

    run(main())


def test_a_signature_over_the_body_needs_all_of_it(tmp_path: Path):
    """ACS3 signs its hash, so it is read before the caller is known."""

    async def main() -> None:
        async with stage(tmp_path, answer=answering()) as on:
            await opened(on, "function")
            body = b"x" * 100_000
            digest = hashlib.sha256(body).hexdigest()
            headers = {
                "host": "127.0.0.1",
                "x-acs-date": rfc3339(on.clock.now())[:19] + "Z",
                "x-acs-content-sha256": digest,
                "x-acs-signature-nonce": "n1",
                "content-length": "100000",
            }
            path = "/2016-08-15/proxy/s/f/"
            names = sorted(name for name in headers if name != "content-length")
            lines = "".join(f"{name}:{headers[name]}\n" for name in names)
            canonical = f"POST\n{path}\n\n{lines}\n{';'.join(names)}\n{digest}"
            signed = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
            signature = hmac.digest(SECRET.encode(), signed.encode(), "sha256").hex()
            headers["authorization"] = (
                f"ACS3-HMAC-SHA256 Credential={KEY},SignedHeaders={';'.join(names)},Signature={signature}"
            )
            assert (await on.send("POST", path, "", headers, body)).status == 200
            assert (on.calls[0].body, on.calls[0].payload) == (None, body)

    run(main())


def test_an_address_means_the_same_each_time(tmp_path: Path):
    """What a URL was found to mean is remembered; who may call it, and with which method, is asked each time."""

    async def main() -> None:
        async with stage(tmp_path, answer=answering()) as on:
            await opened(on)
            for _ in range(2):
                assert (await on.call("GET", "/proxy/s/f/x", key=None)).status == 200
                assert (await on.call("PUT", "/proxy/s/f/x", key=None)).status == 405
            assert [call.http.path for call in on.calls if call.http] == ["/x", "/x"]
            await on.call("DELETE", "/services/s/functions/f/triggers/web")
            assert (await on.call("GET", "/proxy/s/f/x", key=None)).status == 403

    run(main())
