"""How soon a change of configuration is known: 100 watchers by HTTP, half of them by long polls and half by streams,
and 10,000 entries. From the request until the last watcher has it, and how much of that comes after the write's answer.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any, cast

import httptools
import uvloop

from benchmarks.harness import Duel, Sample, Suite
from benchmarks.load import Answer, Client
from benchmarks.platform import KEYS, Platform, platform
from benchmarks.signed import raw
from liuyun.cli.client.console import signed_headers
from liuyun.cli.client.transport import Connection

ENTRIES, WATCHERS, CHANGES = 10_000, 100, 20
GOAL_MS = 1000
WAIT_S = 60
LIMIT = {"type": "object", "properties": {"most": {"type": "integer"}}, "required": ["most"]}


BY = Connection("http://127.0.0.1", KEYS.account_id, KEYS.access_key_id, KEYS.secret)  # `raw` says this host


def asked(method: str, target: str, body: Any = None) -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    signed = signed_headers(method, target, content, BY)
    return raw(method, target, {name: value for name, value in signed.items() if name != "host"}, content)


class Audience:
    """Counts who has been told of what."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._all: dict[int, asyncio.Future[float]] = {}

    def told(self, news: Any) -> None:
        for change in news["changes"]:
            number: int = change["sequence"]
            self._counts[number] += 1
            if self._counts[number] == WATCHERS:
                self.everybody(number).set_result(time.perf_counter())

    def everybody(self, number: int) -> asyncio.Future[float]:
        """When the last of them was told of this change."""
        return self._all.setdefault(number, asyncio.get_running_loop().create_future())


class Stream(asyncio.Protocol):
    """Server-sent events, for as long as it is open."""

    def __init__(self, request: bytes, audience: Audience) -> None:
        self._request = request
        self._audience = audience
        self._rest = b""
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast("asyncio.Transport", transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        *lines, self._rest = (self._rest + body).split(b"\n")
        for line in lines:
            if line.startswith(b"data: "):
                self._audience.told(json.loads(line[6:]))


async def poll(running: Platform, after: int, audience: Audience) -> None:
    client = Client(running.port)
    try:
        while True:
            answer = await client.exchange(asked("GET", f"/api/config/changes?after={after}&waitS={WAIT_S}"))
            news = document(answer)
            after = news["sequence"]
            audience.told(news)
    finally:
        client.close()


def document(answer: Answer) -> Any:
    return json.loads(answer.expect(200).body)


async def watched(running: Platform) -> Sample:
    """A round of changes, one after the other."""
    loop = asyncio.get_running_loop()
    audience, writer = Audience(), Client(running.port)
    start: int = document(await writer.exchange(asked("GET", "/api/config/entries/none")))["sequence"]
    polling = [asyncio.ensure_future(poll(running, start, audience)) for _ in range(WATCHERS // 2)]
    streams = [
        await loop.create_connection(
            lambda: Stream(asked("GET", f"/api/config/stream?after={start}"), audience),
            "127.0.0.1",
            running.port,
        )
        for _ in range(WATCHERS - len(polling))
    ]
    await write(writer, audience, start + 1)  # by which time all of them watch
    taken = [await write(writer, audience, start + 2 + number) for number in range(CHANGES)]
    for watching in polling:
        watching.cancel()
    await asyncio.wait(polling)
    for transport, _ in streams:
        transport.close()
    writer.close()
    known = [until for until, _ in taken]
    facts = {"max_ms": max(known), "write_ms": median(answered for _, answered in taken)}
    return Sample(median(known), {**facts, "after_answer_ms": median(max(0, k - answered) for k, answered in taken)})


async def write(writer: Client, audience: Audience, number: int) -> tuple[float, float]:
    """Milliseconds from the request until everybody knew, and until its answer."""
    path = f"/api/config/entries/limit/limit-{number % ENTRIES}"
    seen = document(await writer.exchange(asked("GET", path)))["own"]["newest"]
    request = asked("PUT", path, {"value": {"most": number}, "revision": seen})
    begin = time.perf_counter()
    document(await writer.exchange(request))
    answered = time.perf_counter()
    known = await audience.everybody(number)
    return (known - begin) * 1000, (answered - begin) * 1000


def filled(running: Platform) -> None:
    schemas = [{"name": "limit", "document": LIMIT}, {"name": "none", "document": {}}]
    entries = [{"schema": "limit", "key": f"limit-{n}", "value": {"most": n}} for n in range(ENTRIES)]
    body = {"document": {"schemas": schemas, "entries": entries}}
    running.exchange(asked("POST", "/api/config/import", body)).expect(200)


@contextmanager
def duels() -> Iterator[Sequence[Duel]]:
    with platform() as running:
        filled(running)
        what = f"a change of configuration until the last of {WATCHERS} watchers has it, {ENTRIES:,} entries stored"
        goal = {"the goal": lambda: Sample(GOAL_MS)}
        yield [Duel("config", what, "ms", lambda: uvloop.run(watched(running)), goal, lower_is_better=True)]


SUITE = Suite("configuration", ("config",), duels)
