"""How late timer triggers are: 10,000 of them due over one minute, so 167 at each second, measured over a few seconds.

Ours is everything between the tick and the call of the function: the commit that enqueues the invocation and moves the
timer, and the one that claims it, both on disk. The function itself is left out, as it is with everybody's figures.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.harness import Duel, Sample, Suite
from liuyun.asynchronous.invocations import place
from liuyun.asynchronous.ports import Ports
from liuyun.asynchronous.service import Asynchronous
from liuyun.clock import SystemClock
from liuyun.ids import SystemIds
from liuyun.model.asynchronous import AsyncConfig
from liuyun.model.function import Trigger
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.settings import Limits
from liuyun.storage.database import Transaction
from liuyun.storage.sqlite import SqliteDatabase
from liuyun.storage.stores import timers, triggers
from liuyun.storage.stores.triggers import key_of
from liuyun.triggers.ticking import AsyncQueue, Ticking

TIMERS, FUNCTIONS = 10_000, 200
SECONDS = 4  # of each round; every timer ticks once a minute, so 667 of them do


def timer(number: int) -> Trigger:
    config = {"cronExpression": f"{number % 60} * * * * *", "enable": True, "payload": "p"}
    function = f"f{number % FUNCTIONS}"
    return Trigger("1", "s", function, f"t{number}", f"id-{number}", "timer", config)


async def ticks(folder: Path) -> list[float]:
    """How late each was, in milliseconds."""
    lags: list[float] = []

    async def invoke(call: Invocation) -> InvocationResult:
        lags.append(time.time() * 1000 - call.caused_at)
        return InvocationResult(b"", None, call.request_id, "i", "LATEST", "", 0.1, 1.0)

    async def nothing(*_: object, **__: object) -> None:
        return None

    def configure(*_: str) -> AsyncConfig:
        return AsyncConfig()

    db, clock, ids = SqliteDatabase(folder / "timers.db"), SystemClock(), SystemIds()
    ports = Ports(invoke, nothing, configure, nothing, nothing)
    calls = Asynchronous(db=db, clock=clock, ids=ids, ports=ports, limits=Limits(), region="r")
    queue = AsyncQueue(place, calls.invocations.placed, configure)
    ticking = Ticking(db=db, clock=clock, ids=ids, queue=queue, catch_up_s=300)
    first = clock.now() // 60_000 * 60_000

    def fill(tx: Transaction) -> None:
        for number in range(TIMERS):
            made = timer(number)
            triggers.insert(tx, made)
            at = first + number % 60 * 1000
            timers.put(tx, key_of(made), made.config["cronExpression"], at if at > clock.now() + 2000 else at + 60_000)

    await db.write(fill)
    await calls.start()
    await ticking.start()
    await asyncio.sleep(2 + SECONDS)
    await ticking.close()
    await calls.close()
    await db.close()
    return lags


async def bare() -> list[float]:
    """Timers of the event loop that call nothing and remember nothing: how late this machine is by itself."""
    loop = asyncio.get_running_loop()
    lags: list[float] = []
    begin = loop.time() + 0.1
    for number in range(TIMERS * SECONDS // 60):
        at = begin + number % SECONDS
        loop.call_at(at, lambda at=at: lags.append((loop.time() - at) * 1000))
    await asyncio.sleep(SECONDS + 0.2)
    return lags


def sample(lags: Sequence[float]) -> Sample:
    ordered = sorted(lags)
    return Sample(ordered[len(ordered) * 99 // 100], {"p50_ms": median(ordered), "ticks": len(ordered)})


@contextmanager
def duels() -> Iterator[Sequence[Duel]]:
    def ours() -> Sample:
        with tempfile.TemporaryDirectory(prefix="liuyun-timers-") as folder:
            return sample(asyncio.run(ticks(Path(folder))))

    what = "lag of 10,000 timers due over one minute, durable, until the call of the function (p99)"
    baseline = {"asyncio timers, not durable": lambda: sample(asyncio.run(bare()))}
    yield [Duel("timer", what, "ms", ours, baseline, lower_is_better=True)]


SUITE = Suite("timers", ("timer",), duels)
