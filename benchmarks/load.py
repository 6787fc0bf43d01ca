"""Load: `wrk` where it is installed, and a small keep-alive client of our own where answers must be read.

Our own client shares the machine with what it measures and is Python as well, so it takes its share of two cores; that
is in our disfavour and the same for every round.
"""

import asyncio
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import quantiles
from typing import cast
from urllib.parse import urlsplit

import httptools
import uvloop

from benchmarks.harness import Sample
from benchmarks.signed import raw


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes

    def expect(self, *statuses: int) -> "Answer":
        if self.status not in statuses:
            raise RuntimeError(f"Answered {self.status}: {self.body[:300].decode(errors='replace')}")
        return self


class Connection(asyncio.Protocol):
    """One HTTP/1.1 connection: a request out, its answer back."""

    def __init__(self) -> None:
        self._waiting: asyncio.Future[Answer] | None = None
        self._body: list[bytes] = []
        self.open = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one without saying so
        self._parser = httptools.HttpResponseParser(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionError("The server closed the connection."))

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        answer = Answer(self._parser.get_status_code(), b"".join(self._body))
        if not self._parser.should_keep_alive():
            self.close()
        self._body = []
        self._parser = httptools.HttpResponseParser(self)
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(answer)

    async def exchange(self, request: bytes) -> Answer:
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        self.open = False
        self._transport.close()


class Client:
    """Keeps its connection for as long as the server does."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection: Connection | None = None

    async def connected(self) -> Connection:
        if self._connection is None or not self._connection.open:
            loop = asyncio.get_running_loop()
            _, self._connection = await loop.create_connection(Connection, "127.0.0.1", self._port)
        return self._connection

    async def exchange(self, request: bytes) -> Answer:
        return await (await self.connected()).exchange(request)

    def close(self) -> None:
        if self._connection:
            self._connection.close()


Act = Callable[[Client, int], Awaitable[None]]


async def crowd(port: int, clients: int, act: Act) -> float:
    """Seconds until `clients` have each run `act(client, number)`; the first connecting is not counted."""
    everybody = [Client(port) for _ in range(clients)]
    try:
        for client in everybody:
            await client.connected()
        start = time.perf_counter()
        await asyncio.gather(*(act(client, number) for number, client in enumerate(everybody)))
        return time.perf_counter() - start
    finally:
        for client in everybody:
            client.close()


def crowded(port: int, clients: int, act: Act) -> float:
    return uvloop.run(crowd(port, clients, act))


def send_all(port: int, clients: int, requests: Sequence[bytes]) -> float:
    """Requests/s of a crowd that shares the list; each answer must be a success."""
    left = iter(requests)

    async def act(client: Client, _: int) -> None:
        for request in left:
            (await client.exchange(request)).expect(200, 201, 204)

    return len(requests) / crowded(port, clients, act)


WRK_REPORT = """
done = function(summary, latency)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("= %f %f %f %d\\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, failed))
end
"""
NUMBER = "x-request-id"
WRK_NUMBERED = f"""
local number = 0
request = function()
  number = number + 1
  wrk.headers["{NUMBER}"] = tostring(number)
  return wrk.format()
end
"""


def generator() -> str:
    return "wrk" if shutil.which("wrk") else "a client of our own (wrk is not installed)"


@dataclass(frozen=True)
class Load:
    """The same POST again and again; `numbered`: each has its number in a header. `seconds` long."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    clients: int = 32
    seconds: int = 2
    numbered: bool = False


def burst(url: str, headers: Mapping[str, str], body: bytes, *, clients: int = 32, numbered: bool = False) -> Sample:
    """A load by keep-alive connections."""
    load = Load(url, headers, body, clients, numbered=numbered)
    return (burst_by_wrk if shutil.which("wrk") else burst_by_hand)(load)


def burst_by_wrk(load: Load) -> Sample:
    lines = [f"wrk.headers[{lua(name)}] = {lua(value)}" for name, value in load.headers.items()]
    if load.numbered:
        lines.append(WRK_NUMBERED)
    script = "\n".join(['wrk.method = "POST"', f"wrk.body = {lua(load.body.decode())}", *lines, WRK_REPORT])
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{load.clients}", f"-d{load.seconds}s", "-s", file.name, load.url]
        output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=load.seconds + 60).stdout
    found = re.search(r"^= (\S+) (\S+) (\S+) (\d+)$", output, re.MULTILINE)
    if not found or int(found[4]):
        raise RuntimeError(f"wrk saw failures: {output[-600:]}")
    if not float(found[1]):
        raise RuntimeError(f"Nothing was answered within {load.seconds} s by {load.url}")
    return Sample(float(found[1]), {"p50_ms": float(found[2]), "p99_ms": float(found[3])})


def lua(text: str) -> str:
    return '"' + "".join(c if c.isalnum() else f"\\{ord(c):03d}" for c in text) + '"'


def burst_by_hand(load: Load) -> Sample:
    parts = urlsplit(load.url)
    assert parts.port
    end = time.perf_counter() + load.seconds
    spent: list[float] = []
    numbers = count()

    async def act(client: Client, _: int) -> None:
        while (start := time.perf_counter()) < end:
            number = {NUMBER: str(next(numbers))} if load.numbered else {}
            request = raw("POST", parts.path or "/", {**load.headers, **number}, load.body)
            (await client.exchange(request)).expect(200)
            spent.append(time.perf_counter() - start)

    elapsed = crowded(parts.port, load.clients, act)
    cuts = quantiles(spent, n=100)
    return Sample(len(spent) / elapsed, {"p50_ms": cuts[49] * 1000, "p99_ms": cuts[98] * 1000})
