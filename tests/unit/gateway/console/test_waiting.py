"""Who waits for news is told none once they may not ask any more."""

import asyncio
from collections.abc import Coroutine
from typing import Any, cast

import httpx
import pytest

from liuyun.gateway.console.news import ENDED
from liuyun.gateway.console.waiting import LOOK_MS
from liuyun.model.config import ACCOUNT, Schema, Write
from liuyun.testing.clock import FakeClock
from tests.conftest import run
from tests.unit.gateway.console.test_keys import made, signed
from tests.unit.gateway.console.visitor import Visitor, visitor

FLOW = "version: v1\ntype: flow\nsteps:\n  - {type: wait, name: w, duration: 600}\n"
CHANGES = "/api/config/changes?after=0&waitS=60"
EVENTS = "/api/flows/f/executions/e/events?after=3&waitS=60"
STREAM = "/api/config/stream?after=0"


async def something_to_wait_for(on: Visitor, path: str = "") -> None:
    await on.parts.configuration.schemas.put(Schema(name="s", document={}, revision=0), 0)
    if path == EVENTS:
        await on.call("POST", "/api/flows", {"name": "f", "definition": FLOW})
        await on.call("POST", "/api/flows/f/executions", {"name": "e"})


async def begun(on: Visitor, asking: Coroutine[Any, Any, httpx.Response]) -> "asyncio.Task[httpx.Response]":
    """It has come so far that it waits for news, and looks now and then who asks. Until then it is in other threads."""
    clock = cast(FakeClock, on.clock)
    awake = clock.sleeping
    waiting = asyncio.create_task(asking)
    while clock.sleeping < awake + 2:  # noqa: ASYNC110 - nothing tells it
        await asyncio.sleep(0)
    return waiting


async def ended(on: Visitor, waiting: "asyncio.Task[httpx.Response]") -> httpx.Response:
    """What it came to within two seconds. Each turn lets other threads act, for which no time passes."""
    clock, end = cast(FakeClock, on.clock), on.clock.steady() + LOOK_MS
    while not waiting.done():
        await clock.advance(min(1, (end - clock.steady()) / 1000))
    return await waiting


async def change(on: Visitor) -> None:
    await on.parts.configuration.entries.put(Write("s", ACCOUNT, "k", 0, "told"))


@pytest.mark.parametrize("path", [CHANGES, EVENTS, STREAM])
def test_what_waits_ends_with_its_session(path: str):
    """A poll is refused as the next one would be, a stream says that it ends."""

    async def main() -> httpx.Response:
        async with visitor() as on:
            await on.sign_in()
            await something_to_wait_for(on, path)
            waiting = await begun(on, on.http.get(path))
            await on.call("DELETE", "/api/session")
            return await ended(on, waiting)

    answer = run(main())
    assert answer.text.endswith(ENDED) if path == STREAM else answer.status_code == 401


@pytest.mark.parametrize("path", [CHANGES, STREAM])
def test_what_changes_when_the_session_has_ended_is_not_told(path: str):
    """Even if it comes at once."""

    async def main() -> httpx.Response:
        async with visitor() as on:
            await on.sign_in()
            await something_to_wait_for(on)
            waiting = await begun(on, on.http.get(path))
            await on.call("DELETE", "/api/session")
            await change(on)
            return await ended(on, waiting)

    assert "told" not in run(main()).text


def test_a_stream_ends_with_its_key():
    """A change before that is told."""

    async def main() -> tuple[str, int]:
        async with visitor() as on:
            key = await made(on)
            await something_to_wait_for(on)
            streaming = await begun(on, signed(on, key, path=STREAM))
            await change(on)
            await on.call("PATCH", f"/api/keys/{key['accessKeyId']}", {"disabled": True})
            return (await ended(on, streaming)).text, (await signed(on, key, path=CHANGES)).status_code

    text, next_one = run(main())
    assert (text.count("event: changes"), text.endswith(ENDED), next_one) == (1, True, 401)
