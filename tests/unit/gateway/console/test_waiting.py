"""Who waits for news is told none once they may not ask any more."""

import asyncio
from typing import Any, cast

import httpx
import pytest

from liuyun.gateway.console.news import ENDED
from liuyun.model.config import ACCOUNT, Schema, Write
from liuyun.testing.clock import FakeClock
from tests.conftest import run
from tests.unit.gateway.console.test_keys import made, signed
from tests.unit.gateway.console.visitor import Visitor, visitor

FLOW = "version: v1\ntype: flow\nsteps:\n  - {type: wait, name: w, duration: 600}\n"
CHANGES = "/api/config/changes?after=0&waitS=60"
EVENTS = "/api/flows/f/executions/e/events?after=3&waitS=60"
STREAM = "/api/config/stream?after=0"


async def something_to_wait_for(on: Visitor) -> None:
    await on.parts.configuration.schemas.put(Schema(name="s", document={}, revision=0), 0)
    await on.call("POST", "/api/flows", {"name": "f", "definition": FLOW})
    await on.call("POST", "/api/flows/f/executions", {"name": "e"})


async def pass_time(on: Visitor, seconds: int) -> None:
    for _ in range(seconds):
        await cast(FakeClock, on.clock).advance(1)


async def change(on: Visitor) -> None:
    await on.parts.configuration.entries.put(Write("s", ACCOUNT, "k", 0, "told"))


@pytest.mark.parametrize("path", [CHANGES, EVENTS])
def test_a_long_poll_ends_with_its_session(path: str):
    """Within two seconds: it is refused as the next one would be."""

    async def main() -> tuple[httpx.Response, bool]:
        async with visitor() as on:
            await on.sign_in()
            await something_to_wait_for(on)
            polling = asyncio.create_task(on.http.get(path))
            await pass_time(on, 5)
            waited = not polling.done()
            await on.call("DELETE", "/api/session")
            await pass_time(on, 3)
            return await polling, waited

    answer, waited = run(main())
    assert (answer.status_code, waited) == (401, True), answer.text


@pytest.mark.parametrize("path", [CHANGES, STREAM])
def test_what_changes_when_the_session_has_ended_is_not_told(path: str):
    """Even if it comes at once."""

    async def main() -> httpx.Response:
        async with visitor() as on:
            await on.sign_in()
            await something_to_wait_for(on)
            waiting = asyncio.create_task(on.http.get(path))
            await pass_time(on, 5)
            await on.call("DELETE", "/api/session")
            await change(on)
            await pass_time(on, 3)
            return await waiting

    answer = run(main())
    assert "told" not in answer.text
    assert answer.status_code == 401 or answer.text.endswith(ENDED)


def test_a_stream_ends_with_its_key():
    """A change before that is told."""

    async def main() -> tuple[str, Any]:
        async with visitor() as on:
            key = await made(on)
            await something_to_wait_for(on)
            streaming = asyncio.create_task(signed(on, key, path=STREAM))
            await pass_time(on, 5)
            await change(on)
            await pass_time(on, 20)
            await on.call("PATCH", f"/api/keys/{key['accessKeyId']}", {"disabled": True})
            await pass_time(on, 3)
            return (await streaming).text, (await signed(on, key, path=CHANGES)).status_code

    text, next_one = run(main())
    assert [line for line in text.split("\n\n") if line.startswith(":")] == [": changes follow", ": still here"]
    assert text.count("event: changes") == 1
    assert text.endswith(ENDED)
    assert next_one == 401
