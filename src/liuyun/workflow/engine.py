"""Where executions advance: load, decide, append history and outbox in one commit; effects leave after it.

* A run is the fold of its history. The runs that were used last stay in memory; any other one is replayed when
  something happens to it, so that waiting costs disk and not memory.
* Activations of one execution are taken batch by batch from its mailbox; executions don't wait for each other. What
  gathers while a commit is under way goes into the next one together.
* The history row of a commit is keyed by its first event. If that key is taken, somebody else has advanced the
  execution: its run is forgotten, replayed, and decided upon again.
* A commit holds all that follows from its activations: events, new effects and timers, the answered ones removed, how
  the execution ended. What isn't committed didn't happen; what is committed is carried out, at least once.
* No task waits for a commit: what follows from it is done where the database tells of it, whoever still wants to know.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import TypeAlias, TypeVar

import msgspec
from msgspec.structs import replace

from liuyun.clock import Clock
from liuyun.errors import ConcurrentUpdate, ExecutionExists, ExecutionNotFound, PlatformError, Unavailable
from liuyun.model.execution import Execution, ExecutionKey, ExecutionStatus
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import executions as store
from liuyun.storage.stores import flows as flow_store
from liuyun.workflow.batch import Batch, Live, take
from liuyun.workflow.cache import Recent
from liuyun.workflow.core.activations import Activation, Start
from liuyun.workflow.core.decide import awaiting
from liuyun.workflow.core.decision import Context, Decision, Limits, ReadConfig
from liuyun.workflow.core.evolve import evolve
from liuyun.workflow.core.run import Run
from liuyun.workflow.documents import JsonObject
from liuyun.workflow.flows import Flows, ReadyFlow
from liuyun.workflow.lately import Lately, with_ending
from liuyun.workflow.news import News
from liuyun.workflow.outbox import Outgoing, decode_events
from liuyun.workflow.tokens import TaskTokens
from liuyun.workflow.watchers import Watchers

T = TypeVar("T")
ReadFor: TypeAlias = Callable[[str], ReadConfig]  # for the execution of that name, whom a roll-out may reach

LIVE_RUNS = 4096  # kept in memory
ATTEMPTS = 5  # to append before the conflict is the caller's


@dataclass(frozen=True, slots=True)
class Begun:
    """`fresh` is False if an execution of that name was running already."""

    execution: Execution
    fresh: bool


class Post(msgspec.Struct, frozen=True, eq=False):
    """`then` is told what was decided, once it is committed, or why nothing was. `alone`: it shares no commit."""

    activation: Activation
    then: Callable[[Decision | Exception], None]
    alone: bool = False


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
        self._beginning = 0  # executions whose first commit is under way
        self._quiet: asyncio.Future[None] | None = None  # somebody waits for the last commit
        self._tasks: set[asyncio.Task[None]] = set()  # that load what isn't in memory
        self.watchers = Watchers()

    async def close(self) -> None:
        """Returns when everything that was posted is committed."""
        while self._committing:
            self._quiet = asyncio.get_running_loop().create_future()
            await self._quiet

    def end_waits(self) -> None:
        """Whoever watches an execution, now or later, is told that nothing is known of its end."""
        self._news.end()
        self.watchers.end()

    def statistics(self) -> dict[str, int]:
        return {"live_runs": len(self._live), "committing": self._committing, "watched": len(self.watchers)}

    def begin(
        self,
        ready: ReadyFlow,
        execution: Execution,
        input_value: JsonObject,
        then: Callable[[Begun | Exception], None],
    ) -> None:
        """A new execution with its first decision. `then` is told once it is committed: what has begun, or
        ExecutionExists, or ConcurrentUpdate if the flow was changed.
        """
        live = self._new(execution.key, ready, execution.name, execution.callback_token)
        batch = take(live, [Start(input_value)], execution.started_at)
        fresh = with_ending(execution, batch.rows.ending)

        def unit(tx: Transaction) -> Execution | None:
            if store.begin(tx, fresh, batch.rows):
                return None
            if not flow_store.is_current(tx, ready.stored):
                raise ConcurrentUpdate(
                    "flow_changed", "Flow {name} was changed meanwhile; please retry.", name=ready.stored.name
                )
            return store.find(tx, execution.key.account_id, execution.flow_name, execution.name)

        self._beginning += 1
        try:
            self._db.begin(unit, partial(self._begun, fresh, batch, then))
        except Unavailable:
            self._beginning -= 1
            raise

    def _begun(
        self,
        fresh: Execution,
        batch: Batch,
        then: Callable[[Begun | Exception], None],
        existing: Execution | Exception | None,
    ) -> None:
        self._beginning -= 1
        if existing is None:
            self._lately.begun(fresh)
            self._settle(batch)
            then(Begun(fresh, fresh=True))
        elif isinstance(existing, Exception):
            then(existing)
        elif existing.status is ExecutionStatus.RUNNING:
            then(Begun(existing, fresh=False))
        else:
            then(ExecutionExists(fresh.name, fresh.flow_name))
        self._look_if_quiet()

    def advance(self, key: ExecutionKey, activation: Activation) -> asyncio.Future[Decision]:
        """What was decided, once it is committed. Giving up the wait doesn't take the activation back."""
        decided: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self.post(key, activation, partial(settle, decided))
        return decided

    def post(self, key: ExecutionKey, activation: Activation, then: Callable[[Decision | Exception], None]) -> None:
        """The same for who has no task."""
        mailbox = self._mailboxes.get(key)
        if mailbox is None:
            self._mailboxes[key] = [Post(activation, then)]
            self._go_on(key)
        else:
            mailbox.append(Post(activation, then))

    def remembers(self, key: ExecutionKey) -> bool:
        """Whether the execution is known, without asking the database, to run."""
        return key in self._live

    async def awaits(self, key: ExecutionKey, event_id: int) -> bool:
        """Whether the task that this event scheduled is still open."""
        return awaiting((await self.live(key)).run, event_id) is not None

    def expects(self, key: ExecutionKey, event_id: int) -> bool:
        """Whether that is known without asking the database."""
        live = self._live.get(key)
        return live is not None and awaiting(live.run, event_id) is not None

    async def live(self, key: ExecutionKey) -> Live:
        """The execution as it stands. Raises ExecutionNotFound."""
        return self._live.get(key) or await self._load(key)

    @property
    def _committing(self) -> int:
        return self._beginning + len(self._mailboxes)

    def _go_on(self, key: ExecutionKey) -> None:
        """In the next turn of the loop, so that what comes in this one goes into the same commit."""
        asyncio.get_running_loop().call_soon(self._empty, key)

    def _empty(self, key: ExecutionKey) -> None:
        """Takes what the mailbox of an execution holds."""
        mailbox = self._mailboxes[key]
        posts = mailbox[:1] if mailbox[0].alone else mailbox
        self._mailboxes[key] = mailbox[len(posts) :]
        live = self._live.get(key)
        if live is None:
            self._replay(key, posts)
        else:
            self._decide(live, posts)

    def _replay(self, key: ExecutionKey, posts: Sequence[Post], attempt: int = 1) -> None:
        async def replay() -> None:
            try:
                live = await self.live(key)
            except Exception as error:  # noqa: BLE001 - it is the posters'
                self._answer(key, posts, [error] * len(posts))
            else:
                self._decide(live, posts, attempt)

        task = asyncio.create_task(replay())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _decide(self, live: Live, posts: Sequence[Post], attempt: int = 1) -> None:
        try:
            batch = take(live, [post.activation for post in posts], self._clock.now())
        except Exception as error:  # noqa: BLE001 - it is the posters'
            self._refused(live.key, posts, error)
            return
        if batch.is_empty:
            self._appended(batch, posts, attempt, True)
        else:
            append = partial(store.advance, key=live.key, step=batch.rows)
            try:
                self._db.begin(append, partial(self._appended, batch, posts, attempt))
            except Unavailable as error:
                self._refused(live.key, posts, error)

    def _appended(self, batch: Batch, posts: Sequence[Post], attempt: int, outcome: bool | Exception) -> None:
        key = batch.live.key
        if isinstance(outcome, Exception):
            self._refused(key, posts, outcome)
        elif outcome:
            self._settle(batch)
            self._answer(key, posts, batch.decisions)
        else:
            self._live.forget(key)
            if attempt < ATTEMPTS:
                self._replay(key, posts, attempt + 1)
            else:
                busy = ConcurrentUpdate("execution_busy", "The execution is being advanced by others; please retry.")
                self._refused(key, posts, busy)

    def _refused(self, key: ExecutionKey, posts: Sequence[Post], error: Exception) -> None:
        if len(posts) > 1 and not isinstance(error, PlatformError):  # one of them can't be decided upon
            self._mailboxes[key][:0] = [replace(post, alone=True) for post in posts]
            posts = ()
        self._answer(key, posts, [error] * len(posts))

    def _answer(self, key: ExecutionKey, posts: Sequence[Post], outcomes: Sequence[Decision | Exception]) -> None:
        if self._mailboxes[key]:
            self._go_on(key)
        else:
            del self._mailboxes[key]
            self._look_if_quiet()
        for post, outcome in zip(posts, outcomes, strict=True):
            post.then(outcome)

    def _look_if_quiet(self) -> None:
        if self._quiet is not None and not self._committing and not self._quiet.done():
            self._quiet.set_result(None)

    def _settle(self, batch: Batch) -> None:
        live = batch.live
        if live.run.is_live:
            self._live.put(live.key, live)
        else:
            self._live.forget(live.key)
        if batch.rows.ending is not None:
            self._lately.ended(live.key, batch.rows.ending)
            self.watchers.ended(live.key, batch.rows.ending)
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
        events = [event for chunk in chunks for event in decode_events(chunk)]
        alarmed = any(event.due is not None for event in events)
        return replace(live, run=reduce(evolve, events, live.run), alarmed=alarmed)


def settle(future: asyncio.Future[T], outcome: T | Exception) -> None:
    """Tells who waits by a future, if anybody still does."""
    if future.done():
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
