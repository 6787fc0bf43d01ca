"""What changed, for whoever has a page open: kinds of things, never the things, so that the page asks again for them.

It comes from the commits of the database (`storage/changes.py`), and so from whatever anybody does by any of the APIs.
Only how much runs is seen by looking, once in a while, as long as somebody is told.
"""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from enum import StrEnum

from liuyun.clock import Clock
from liuyun.errors import Throttled, Unauthenticated
from liuyun.model.people import Role
from liuyun.storage.changes import Changes, Listener


class NewsKind(StrEnum):
    FUNCTIONS = "functions"
    INVOCATIONS = "invocations"
    LOGS = "logs"
    FLOWS = "flows"
    EXECUTIONS = "executions"
    MESSAGES = "messages"
    CONFIGURATION = "configuration"
    OVERVIEW = "overview"
    USERS = "users"
    KEYS = "keys"
    AUDIT = "audit"


TABLES: dict[NewsKind, tuple[str, ...]] = {
    NewsKind.FUNCTIONS: (
        "services", "functions", "versions", "version_functions", "aliases", "layers", "layer_versions", "triggers",
        "configurations", "domains",
    ),
    NewsKind.INVOCATIONS: ("invocation_chunks",),
    NewsKind.LOGS: ("log_chunks",),
    NewsKind.FLOWS: ("flows",),
    NewsKind.EXECUTIONS: ("executions", "history"),
    NewsKind.MESSAGES: ("queues", "messages", "topics", "subscriptions", "publications", "deliveries"),
    NewsKind.CONFIGURATION: ("config_schemas", "config_entries", "config_drafts", "config_changes"),
    NewsKind.OVERVIEW: ("functions", "invocation_chunks", "executions", "messages", "deliveries", "async_invocations"),
    NewsKind.USERS: ("users",),
    NewsKind.KEYS: ("access_keys", "access_key_uses", "users"),
    NewsKind.AUDIT: ("audit",),
}  # fmt: skip
# Others may not see it, so they aren't told of it either.
SEEN_BY = {NewsKind.USERS: Role.ADMINISTRATOR, NewsKind.AUDIT: Role.OPERATOR}
PACE_MS = {NewsKind.INVOCATIONS: 1_000, NewsKind.OVERVIEW: 2_000}  # what is dear to ask for
USUAL_PACE_MS = 500
GATHER_MS = 100  # what comes close together is told together
LOOK_MS = 2_000
BEAT_MS = 15_000
LONGEST_MS = 60 * 60_000  # a reader begins again then
MINUTE_MS = 60_000
AGAIN_S = 15
RUNNING = ("compute", "asynchronous", "deliveries")
HELLO = ": what changes is told here\nretry: 1000\n\n"
BEAT = ": still here\n\n"
ENDED = "event: ended\ndata: {}\n\n"


class NewsDesk:
    """Whoever is told, and how many they are. `statistics` says what runs, by part of the platform."""

    def __init__(
        self,
        *,
        changes: Changes,
        clock: Clock,
        statistics: Callable[[], Mapping[str, Mapping[str, int]]],
        most: int,
        most_of_one: int,
    ) -> None:
        self.clock = clock
        self._changes = changes
        self._statistics = statistics
        self._most = most
        self._most_of_one = most_of_one
        self._open: Counter[str] = Counter()

    def take_place(self, whose: str) -> None:
        """To be given back. Raises Throttled (facts: wait_s)."""
        if self._open[whose] >= self._most_of_one:
            template = (
                "{most} streams of news are open in this session (limits.console_streams_of_session); "
                "close one, or ask without them"
            )
            raise Throttled("streams_of_session", template, most=self._most_of_one, wait_s=AGAIN_S)
        if self._open.total() >= self._most:
            template = "{most} streams of news are open (limits.console_streams)"
            raise Throttled("streams_most", template, most=self._most, wait_s=AGAIN_S)
        self._open[whose] += 1

    def give_place_back(self, whose: str) -> None:
        self._open[whose] -= 1
        if not self._open[whose]:
            del self._open[whose]

    async def stream(self, role_now: Callable[[], Awaitable[Role]]) -> AsyncIterator[str]:
        """Until the reader has no role any more (Unauthenticated), the platform stops, or an hour has passed."""
        with self._changes.heard() as listener:
            yield HELLO
            began = beat_at = self.clock.steady()
            telling, running = Telling(), self._running()
            while (now := self.clock.steady()) < began + LONGEST_MS:
                try:
                    role = await role_now()
                except Unauthenticated:
                    yield ENDED
                    return
                if told := telling.due(now, role):
                    yield event(told)
                elif now >= beat_at + BEAT_MS:
                    yield BEAT
                beat_at = now if told or now >= beat_at + BEAT_MS else beat_at
                telling.changed(await self._gathered(listener, telling.next_at(now + LOOK_MS)))
                if listener.is_over:
                    return
                before, running = running, self._running()
                if running != before:
                    telling.want(NewsKind.OVERVIEW)

    async def _gathered(self, listener: Listener, deadline: int) -> frozenset[str]:
        """Nothing at `deadline`; else what comes in the next moments too."""
        tables = await listener.take(self.clock, deadline)
        if not tables or listener.is_over:
            return tables
        await self.clock.sleep(GATHER_MS)
        return tables | await listener.take(self.clock, 0)

    def _running(self) -> object:
        """Whatever an overview shows that no commit tells of, the minute included that its charts end with."""
        found = self._statistics()
        return self.clock.now() // MINUTE_MS, [dict(found.get(part, {})) for part in RUNNING]


class Telling:
    """What is to be told to one reader, and when it may be."""

    def __init__(self) -> None:
        self._wanted: set[NewsKind] = set()
        self._told_at: dict[NewsKind, int] = {}

    def changed(self, tables: Iterable[str]) -> None:
        self.want(*(kind for table in tables for kind in KINDS.get(table, ())))

    def want(self, *kinds: NewsKind) -> None:
        self._wanted.update(kinds)

    def due(self, now: int, role: Role) -> list[NewsKind]:
        """To be told now, to somebody of this role; no longer wanted then."""
        found = sorted(kind for kind in self._wanted if self._at(kind) <= now)
        self._wanted.difference_update(found)
        self._told_at.update(dict.fromkeys(found, now))
        return [kind for kind in found if role.includes(SEEN_BY.get(kind, Role.VIEWER))]

    def next_at(self, latest: int) -> int:
        return min((latest, *(self._at(kind) for kind in self._wanted)))

    def _at(self, kind: NewsKind) -> int:
        return self._told_at.get(kind, 0) + PACE_MS.get(kind, USUAL_PACE_MS)


def event(kinds: Iterable[NewsKind]) -> str:
    names = ", ".join(f'"{kind}"' for kind in kinds)
    return f'event: changed\ndata: {{"kinds": [{names}]}}\n\n'


def kinds_by_table() -> dict[str, tuple[NewsKind, ...]]:
    found: dict[str, tuple[NewsKind, ...]] = {}
    for kind, tables in TABLES.items():
        for table in tables:
            found[table] = (*found.get(table, ()), kind)
    return found


KINDS = kinds_by_table()
