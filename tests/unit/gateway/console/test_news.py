"""News of what changes."""

import asyncio
import json
from dataclasses import replace
from typing import cast

import httpx

from liuyun.gateway.console.guard import COOKIE
from liuyun.gateway.console.news import ENDED, KINDS, NewsKind, Telling
from liuyun.identity.sessions import hashed
from liuyun.model.message import QueueAttributes
from liuyun.model.people import Role
from liuyun.storage.database import Transaction
from liuyun.storage.queries import changed
from liuyun.storage.stores import people as store
from liuyun.testing.clock import FakeClock
from tests.unit.gateway.console.visitor import Visitor, visitor

# What no page shows.
SILENT = {
    "async_destinations", "async_tasks", "buckets", "config_revisions", "config_schema_revisions", "deleted_queues",
    "effects", "facts", "flow_revisions", "message_accounts", "objects", "service_tags", "sessions", "timers",
    "trigger_timers", "upload_parts", "uploads", "version_numbers",
}  # fmt: skip


async def listen(on: Visitor) -> "asyncio.Task[httpx.Response]":
    """Its answer comes when the stream has ended."""
    before = on.stage.db.changes.listening
    reading = asyncio.create_task(on.http.get("/api/news"))
    await listening(on, before + 1)
    return reading


async def listening(on: Visitor, streams: int) -> None:
    while on.stage.db.changes.listening != streams:  # noqa: ASYNC110 - nothing tells it
        await asyncio.sleep(0)


def told(answer: httpx.Response) -> list[list[str]]:
    """The kinds of each event."""
    events = [event for event in answer.text.split("\n\n") if event.startswith("event: changed")]
    return [json.loads(event.partition("data: ")[2])["kinds"] for event in events]


async def pass_time(on: Visitor, seconds: int) -> None:
    for _ in range(seconds):  # in steps: what is sent takes many turns of the loop until the next wait
        await cast(FakeClock, on.clock).advance(1)


async def until_signed_out(on: Visitor, reading: "asyncio.Task[httpx.Response]") -> httpx.Response:
    await on.call("DELETE", "/api/session")
    await pass_time(on, 5)
    return await reading


async def ends_in(on: Visitor, seconds: int) -> None:
    """The session of whoever signed in last."""
    key, until = hashed(on.http.cookies[COOKIE]), on.clock.now() + seconds * 1000

    def work(tx: Transaction) -> None:
        session = store.find_session(tx, key)
        assert session is not None
        store.extend_session(tx, replace(session, expires_at=until))

    await on.stage.db.write(work)


def test_a_change_by_anybody_is_told_once_with_its_kind():
    """Also one that the console had no part in; what comes close together is told together, and only its kinds."""

    async def scenario() -> httpx.Response:
        async with visitor() as on:
            await on.sign_in()
            reading = await listen(on)
            for name in ("a", "b", "c"):
                await on.parts.messages.queues.create(on.parts.account_id, name, QueueAttributes())
            await pass_time(on, 1)
            return await until_signed_out(on, reading)

    answer = asyncio.run(scenario())
    assert told(answer) == [["messages"]]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert (answer.headers["cache-control"], answer.headers["x-accel-buffering"]) == ("no-store", "no")


def test_the_stream_ends_with_its_session():
    """By signing out or by its time: that the stream is open, and shows that it lives, doesn't prolong the session."""

    async def scenario() -> tuple[str, httpx.Response]:
        async with visitor() as on:
            await on.sign_in()
            left = await until_signed_out(on, await listen(on))
            await on.sign_in()
            reading = await listen(on)
            await ends_in(on, 50)
            await pass_time(on, 52)
            return left.text, await reading

    left, ended = asyncio.run(scenario())
    assert left.endswith(ENDED)
    assert ended.text.endswith(ENDED)
    assert ": still here" in ended.text
    assert told(ended) == [["overview"]]  # a minute has begun, which charts end with


def test_a_session_has_so_many_streams():
    """The next one is refused until one of them has ended."""

    async def scenario() -> list[int]:
        async with visitor() as on:
            await on.sign_in()
            first, second = await listen(on), await listen(on)
            refused = await on.http.get("/api/news")
            first.cancel()
            await listening(on, 1)
            third = await listen(on)
            await until_signed_out(on, third)
            return [refused.status_code, (await second).status_code, (await third).status_code]

    assert asyncio.run(scenario()) == [429, 200, 200]


def test_only_what_the_role_may_see_is_told():
    """Of people and of the audit log a viewer isn't even told that something has changed."""
    telling = Telling()
    telling.want(NewsKind.USERS, NewsKind.AUDIT, NewsKind.FLOWS)
    assert telling.due(10_000, Role.VIEWER) == [NewsKind.FLOWS]
    telling.want(NewsKind.USERS, NewsKind.AUDIT)
    assert telling.due(20_000, Role.ADMINISTRATOR) == [NewsKind.AUDIT, NewsKind.USERS]


def test_what_is_dear_is_told_more_rarely():
    """Each kind has a pace; what comes in between is told when its time has come, and not forgotten."""
    telling = Telling()
    said: list[tuple[int, NewsKind]] = []
    for now in range(10_000, 14_001, 100):
        telling.changed(["messages"])
        said += [(now, kind) for kind in telling.due(now, Role.VIEWER)]
    assert [now for now, kind in said if kind is NewsKind.MESSAGES] == list(range(10_000, 14_001, 500))
    assert [now for now, kind in said if kind is NewsKind.OVERVIEW] == [10_000, 12_000, 14_000]


def test_each_table_is_told_of_or_shown_nowhere():
    """A new table has a kind, or it is added to those of which nothing is shown."""
    assert set(changed().values()) - KINDS.keys() == SILENT
