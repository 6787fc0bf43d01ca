"""Where executions advance: load, decide, append history and outbox in one commit; effects leave after it.

* A run is the fold of its history. The runs that were used last stay in memory; any other one is replayed when
  something happens to it, so that waiting costs disk and not memory.
* Activations of one execution are taken batch by batch from its mailbox; executions don't wait for each other. What
  gathers while a commit is under way goes into the next one together.
* The history row of a commit is keyed by its first event. If that key is taken, somebody else has advanced the
  execution: its run is forgotten, replayed, and decided upon again.
* A commit holds all that follows from its activations: events, new effects and timers, the answered ones removed, how
  the execution ended. What isn't committed didn't happen; what is committed is carried out, at least once.
"""

import asyncio
from collections.abc import Callable, Coroutine, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import Any, TypeAlias, TypeVar

from liuyun.clock import Clock
from liuyun.errors import ConcurrentUpdate, ExecutionExists, ExecutionNotFound, PlatformError
from liuyun.model.execution import Execution, ExecutionKey, ExecutionStatus
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import executions as store
from liuyun.storage.stores import flows as flow_store
from liuyun.storage.stores.executions import Ending
from liuyun.workflow.batch import Batch, Live, take
from liuyun.workflow.cache import Recent
from liuyun.workflow.core.activations import Activation, Start
from liuyun.workflow.core.decision import Context, Decision, Limits, ReadConfig
from liuyun.workflow.core.evolve import evolve
from liuyun.workflow.core.run import Run
from liuyun.workflow.documents import JsonObject
from liuyun.workflow.flows import Flows, ReadyFlow
from liuyun.workflow.lately import Lately, with_ending
from liuyun.workflow.news import News
from liuyun.workflow.outbox import Outgoing, decode_events
from liuyun.workflow.tokens import TaskTokens

T = TypeVar("T")
ReadFor: TypeAlias = Callable[[str], ReadConfig]  # for the execution of that name, whom a roll-out may reach

LIVE_RUNS = 4096  # kept in memory
ATTEMPTS = 5  # to append before the conflict is the caller's


@dataclass(frozen=True, slots=True)
class Begun:
    """`fresh` is False if an execution of that name was running already."""

    execution: Execution
    fresh: bool


@dataclass(slots=True, eq=False)
class Post:
    activation: Activation
    decided: asyncio.Future[Decision]


class Engine:
    """`submit` takes effects and `arm` the time of new alarms, both right after the commit that holds them."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        flows: Flows,
        lately: Lately,
        tokens: TaskTokens,
        limits: Limits,
        config: ReadFor,
        submit: Callable[[ExecutionKey, Sequence[Outgoing]], None],
        arm: Callable[[int], None],
        news: News,
        live_runs: int = LIVE_RUNS,
    ) -> None:
        self._db = db
        self._clock = clock
        self._flows = flows
        self._lately = lately
        self._tokens = tokens
        self._limits = limits
        self._config = config
        self._submit = submit
        self._arm = arm
        self._news = news
        self._live: Recent[ExecutionKey, Live] = Recent(live_runs)
        self._mailboxes: dict[ExecutionKey, list[Post]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()  # commits under way; nobody's impatience ends them
        self._watchers: dict[ExecutionKey, set[asyncio.Future[Ending | None]]] = {}
        self._is_ending = False

    async def close(self) -> None:
        """Returns when everything that was posted is committed."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def end_waits(self) -> None:
        """Whoever watches an execution, now or later, is told that nothing is known of its end."""
        self._is_ending = True
        self._news.end()
        for watcher in [watcher for watchers in self._watchers.values() for watcher in watchers]:
            if not watcher.done():
                watcher.set_result(None)

    def statistics(self) -> dict[str, int]:
        return {"live_runs": len(self._live), "committing": len(self._tasks), "watched": len(self._watchers)}

    async def begin(self, ready: ReadyFlow, execution: Execution, input_value: JsonObject) -> Begun:
        """A new execution with its first decision. Raises ExecutionExists; ConcurrentUpdate if the flow was changed."""
        return await asyncio.shield(self._run(self._begin(ready, execution, input_value)))

    async def _begin(self, ready: ReadyFlow, execution: Execution, input_value: JsonObject) -> Begun:
        live = self._new(execution.key, ready, execution.name, execution.callback_token)
        batch = take(live, [Start(input_value)], execution.started_at)
        fresh = with_ending(execution, batch.rows.ending)

        def unit(tx: Transaction) -> Execution | None:
            if not flow_store.is_current(tx, ready.stored):
                raise ConcurrentUpdate(
                    "flow_changed", "Flow {name} was changed meanwhile; please retry.", name=ready.stored.name
                )
            if store.begin(tx, fresh, batch.rows):
                return None
            return store.find(tx, execution.key.account_id, execution.flow_name, execution.name)

        existing = await self._db.write(unit)
        if existing is None:
            self._lately.begun(fresh)
            self._settle(batch)
            return Begun(fresh, fresh=True)
        if existing.status is not ExecutionStatus.RUNNING:
            raise ExecutionExists(execution.name, execution.flow_name)
        return Begun(existing, fresh=False)

    def advance(self, key: ExecutionKey, activation: Activation) -> asyncio.Future[Decision]:
        """What was decided, once it is committed. Giving up the wait doesn't take the activation back."""
        post = Post(activation, asyncio.get_running_loop().create_future())
        mailbox = self._mailboxes.get(key)
        if mailbox is None:
            self._mailboxes[key] = [post]
            self._run(self._drain(key))
        else:
            mailbox.append(post)
        return post.decided

    def remembers(self, key: ExecutionKey) -> bool:
        """Whether the execution is known, without asking the database, to run."""
        return key in self._live

    async def awaits(self, key: ExecutionKey, event_id: int) -> bool:
        """Whether the task that this event scheduled is still open."""
        live = await self.live(key)
        return any(scope.frame is not None and scope.frame.awaits == event_id for scope in live.run.scopes.values())

    async def live(self, key: ExecutionKey) -> Live:
        """The execution as it stands. Raises ExecutionNotFound."""
        return self._live.get(key) or await self._load(key)

    @contextmanager
    def watching(self, key: ExecutionKey) -> Generator[asyncio.Future[Ending | None]]:
        """A future of how the execution ends; one that has ended before never sets it. None: see end_waits."""
        future: asyncio.Future[Ending | None] = asyncio.get_running_loop().create_future()
        if self._is_ending:
            future.set_result(None)
        watchers = self._watchers.setdefault(key, set())
        watchers.add(future)
        try:
            yield future
        finally:
            watchers.discard(future)
            if not watchers and self._watchers.get(key) is watchers:
                del self._watchers[key]

    def _run(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _drain(self, key: ExecutionKey) -> None:
        mailbox = self._mailboxes[key]
        try:
            while mailbox:
                posts, mailbox[:] = mailbox[:], []
                await self._answer(key, posts)
        finally:
            del self._mailboxes[key]

    async def _answer(self, key: ExecutionKey, posts: Sequence[Post]) -> None:
        try:
            decisions = await self._commit(key, [post.activation for post in posts])
        except Exception as error:  # noqa: BLE001 - it is the posters', and is raised there
            if len(posts) > 1 and not isinstance(error, PlatformError):  # one of them can't be decided upon
                for post in posts:
                    await self._answer(key, [post])
                return
            for post in posts:
                if not post.decided.done():
                    post.decided.set_exception(error)
            return
        for post, decision in zip(posts, decisions, strict=True):
            if not post.decided.done():
                post.decided.set_result(decision)

    async def _commit(self, key: ExecutionKey, activations: Sequence[Activation]) -> Sequence[Decision]:
        for _ in range(ATTEMPTS):
            live = await self.live(key)
            batch = take(live, activations, self._clock.now())
            if batch.is_empty or await self._db.write(partial(append, key=key, batch=batch)):
                self._settle(batch)
                return batch.decisions
            self._live.forget(key)
        raise ConcurrentUpdate("execution_busy", "The execution is being advanced by others; please retry.")

    def _settle(self, batch: Batch) -> None:
        live = batch.live
        if live.run.is_live:
            self._live.put(live.key, live)
        else:
            self._live.forget(live.key)
        if batch.rows.ending is not None:
            self._lately.ended(live.key, batch.rows.ending)
            for watcher in self._watchers.pop(live.key, ()):
                if not watcher.done():
                    watcher.set_result(batch.rows.ending)
        self._news.tell(live.key)
        if batch.outgoing:
            self._submit(live.key, batch.outgoing)
        if batch.next_due is not None:
            self._arm(batch.next_due)

    def _new(self, key: ExecutionKey, ready: ReadyFlow, name: str, callback_token: str) -> Live:
        """The execution before its first event."""
        flow_name = ready.stored.name
        token = partial(self._tokens.make, key, flow_name, name)
        context = Context(token, self._limits, self._config(name))
        return Live(key, ready.flow, Run(flow_name, name), context, callback_token)

    async def _load(self, key: ExecutionKey) -> Live:
        head, chunks = await self._db.read(lambda tx: (store.head(tx, key), store.history(tx, key)))
        if head is None:
            raise ExecutionNotFound(key.execution_id, key.flow_id)
        ready = await self._flows.at_revision(key.account_id, key.flow_id, head.revision)
        live = self._new(key, ready, head.name, head.callback_token)
        events = (event for chunk in chunks for event in decode_events(chunk))
        return replace(live, run=reduce(evolve, events, live.run))


def append(tx: Transaction, *, key: ExecutionKey, batch: Batch) -> bool:
    return store.advance(tx, key, batch.rows)
