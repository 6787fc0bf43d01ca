"""Traces: kept, found, sent."""

import asyncio
import json
from typing import Any

from liuyun.model.record import InvocationRecord, Outcome
from liuyun.observability.traces import KEPT, Traces
from liuyun.testing.clock import FakeClock
from tests.conftest import run


def record(request_id: str, account_id: str = "1") -> InvocationRecord:
    return InvocationRecord(account_id, "s", "f", "", request_id, "api", "", 0, 0, 1, 2, Outcome.OK, "", "1", "i", 1.0)


def test_a_trace_is_found_by_its_request() -> None:
    """By its owner alone, and only the latest."""
    traces = Traces(clock=FakeClock())
    traces.add([record("r1"), record("r2")])
    assert [span.name for span in traces.find("1", request_id="r1")] == ["api s/f", "handler s/f"]
    assert traces.find("2", request_id="r1") == []
    traces.add([record(f"n{i}") for i in range(KEPT)])
    assert traces.find("1", request_id="r1") == []


async def send_to_collector(status: bytes) -> tuple[Traces, dict[str, Any]]:
    """What a collector that answers so was sent."""
    bodies: list[bytes] = []

    async def collector(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"POST /v1/traces ")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        bodies.append(await reader.readexactly(length))
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(collector, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    traces = Traces(clock=FakeClock(), endpoint=f"http://127.0.0.1:{port}/")
    await traces.start()
    traces.add([record("r1"), record("r2")])
    await traces.close(drain_s=10)
    server.close()
    await server.wait_closed()
    return traces, json.loads(bodies[0])


def test_spans_are_sent_to_a_collector() -> None:
    """Together, as one request of OTLP; a clean stop sends what there is."""
    traces, document = run(send_to_collector(b"200 OK"))
    assert len(document["resourceSpans"][0]["scopeSpans"][0]["spans"]) == 4
    assert traces.statistics() == {"waiting": 0, "sent": 4, "dropped": 0}


def test_a_collector_that_refuses_costs_the_spans_alone() -> None:
    """They are counted, and nobody waits for it."""
    traces, _ = run(send_to_collector(b"503 Unavailable"))
    assert traces.statistics() == {"waiting": 0, "sent": 0, "dropped": 4}
