"""What a sandbox's own ports do with requests, over real sockets: the platform, the way out, tunnels, TLS."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from liuyun.clock import SystemClock
from liuyun.compute.sandbox.authority import Authority
from liuyun.compute.sandbox.doors import Doorkeeper
from liuyun.compute.sandbox.egress import Caller, EgressPolicy
from liuyun.compute.sandbox.names import is_vendor_host
from liuyun.compute.sandbox.proxy import new_carrier
from liuyun.serving import Serving, bind
from liuyun.settings import Egress
from tests.conftest import run

CALLER = Caller("1", "shop", "pay", "i-1")
FNF = "cn-hangzhou.fnf.aliyuncs.com"


def answering(name: bytes):
    """An application that says who it is, what it was asked, and echoes the body."""

    async def app(scope, receive, send) -> None:
        body = (await receive())["body"]
        said = b"|".join((name, scope["raw_path"], scope["query_string"], body))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"set-cookie", b"a=b"), (b"x-b", b"1")]})
        await send({"type": "http.response.body", "body": said})

    return app


@dataclass
class Sandbox:
    """The ports of one sandbox, and a neighbour outside of it on the host's loopback."""

    proxy: str
    neighbour: int
    authority: Authority

    def client(self, **options) -> httpx.AsyncClient:
        trust = ssl.create_default_context(cafile=str(self.authority.certificate_file))
        return httpx.AsyncClient(proxy=self.proxy, verify=trust, trust_env=False, **options)


@asynccontextmanager
async def sandbox(folder: Path, **egress) -> AsyncIterator[Sandbox]:
    outside = Serving(answering(b"outside"))
    neighbour, port = bind("127.0.0.1", 0), bind("127.0.0.1", 0)
    await outside.listen(neighbour)
    number = neighbour.getsockname()[1]
    policy = EgressPolicy(Egress(hosts={"orders.internal": f"127.0.0.1:{number}"}, **egress))
    authority = Authority(folder, SystemClock(), is_vendor_host)
    carrier = new_carrier()
    keeper = Doorkeeper(app=answering(b"platform"), policy=policy, tls=authority.server_context(), carrier=carrier)
    doors = await keeper.open([port], CALLER)
    try:
        yield Sandbox(f"http://127.0.0.1:{port.getsockname()[1]}", number, authority)
    finally:
        await doors.close()
        await outside.close(1)
        await carrier.aclose()


def get(folder: Path, url: str, **egress) -> httpx.Response:
    async def main() -> httpx.Response:
        async with sandbox(folder, **egress) as inside, inside.client() as client:
            return await client.post(url.replace("NEIGHBOUR", str(inside.neighbour)), content=b"hi")

    return run(main())


def test_a_vendor_name_reaches_the_platform(tmp_path: Path):
    """A classic SDK that goes through the proxy speaks to the platform."""
    assert get(tmp_path, f"http://{FNF}/a%20b?c=d").content == b"platform|/a%20b|c=d|hi"


def test_a_vendor_name_reaches_the_platform_over_tls(tmp_path: Path):
    """A new-generation SDK finds a certificate for the name that it asked for, from the authority in the sandbox."""
    assert get(tmp_path, f"https://{FNF}/").content == b"platform|/||hi"


def test_an_operators_name_is_forwarded(tmp_path: Path):
    """Path, query, body and headers arrive as they were sent, and so does the answer."""
    answer = get(tmp_path, "http://orders.internal/a%20b?c=d")
    assert answer.content == b"outside|/a%20b|c=d|hi"
    assert (answer.headers["x-b"], answer.headers["set-cookie"]) == ("1", "a=b")


def test_the_hosts_loopback_is_denied(tmp_path: Path):
    """A function can't reach what listens on the host, and the answer says what the operator could do."""
    answer = get(tmp_path, "http://127.0.0.2:NEIGHBOUR/")
    assert answer.status_code == 403
    assert "[egress] allow" in answer.json()["Message"]


def test_a_tunnel_keeps_to_the_policy(tmp_path: Path):
    """CONNECT is judged like everything else."""
    with pytest.raises(httpx.ProxyError, match="403"):
        get(tmp_path, "https://127.0.0.2:NEIGHBOUR/")


def test_an_allowed_tunnel_carries_bytes(tmp_path: Path):
    """What is sent into an allowed tunnel arrives, and the answer comes back."""

    async def main() -> bytes:
        async with sandbox(tmp_path, allow=("127.0.0.1",)) as inside:
            host, port = inside.proxy.removeprefix("http://").split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % inside.neighbour)
            assert b"200" in await reader.readuntil(b"\r\n\r\n")
            writer.write(b"GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            answer = await reader.read()
            writer.close()
            await writer.wait_closed()
            return answer

    assert b"outside|/x" in run(main())


def test_no_certificate_is_made_for_strangers(tmp_path: Path):
    """The authority vouches for the platform's own names only."""
    with pytest.raises((httpx.ConnectError, httpx.ProxyError)):
        get(tmp_path, "https://example.com.invalid/")


def test_a_connection_that_never_says_what_it_wants_is_ended(tmp_path: Path):
    """The head of a CONNECT request is bounded."""

    async def main() -> bytes:
        async with sandbox(tmp_path) as inside:
            host, port = inside.proxy.removeprefix("http://").split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(b"CONNECT " + b"x" * 100_000)
            answer = await reader.read()
            writer.close()
            await writer.wait_closed()
            return answer

    assert run(main()) == b""


def test_the_authority_lasts(tmp_path: Path):
    """A restart trusts what was given to sandboxes before, and the keys are their owner's alone."""
    first = Authority(tmp_path, SystemClock(), is_vendor_host).certificate_file.read_bytes()
    assert Authority(tmp_path, SystemClock(), is_vendor_host).certificate_file.read_bytes() == first
    assert (tmp_path / "ca.key").stat().st_mode & 0o077 == 0
    assert not (tmp_path / "leaf.pem").exists()
