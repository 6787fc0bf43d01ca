"""A process may die right after any commit, before anybody has learnt of it. The next one brings the run to its end."""

import asyncio
from contextlib import suppress
from functools import reduce

import pytest

from liuyun.errors import PlatformError
from liuyun.model.execution import Execution, ExecutionStatus
from liuyun.model.invocation import Invocation
from liuyun.storage.stores import executions as store
from liuyun.testing.clock import settle
from liuyun.workflow.core.evolve import evolve
from liuyun.workflow.core.run import Run
from liuyun.workflow.outbox import decode_events
from tests.conftest import run
from tests.unit.workflow.world import ACCOUNT, World

FLOW = """
version: v1
type: flow
timeoutSeconds: 100
steps:
  - type: task
    name: count
    resourceArn: acs:fc:::services/svc/functions/count
    timeoutSeconds: 30
    retry: [{errors: [Flaky], intervalSeconds: 1, maxAttempts: 3}]
  - type: choice
    name: again
    choices: [{condition: $.n < 3, goto: count}]
  - type: task
    name: ask
    resourceArn: acs:mns:::/topics/questions/messages
    pattern: waitForCallback
    timeoutSeconds: 50
    inputMappings: [{target: token, source: $context.task.token}]
    serviceParams: {MessageBody: $.token}
  - {type: wait, name: rest, duration: 2}
  - type: task
    name: fail
    resourceArn: acs:fc:::services/svc/functions/fail
    errorMappings: [{target: error, source: $local.error}]
    catch: [{errors: [FnF.ALL], goto: done}]
  - {type: fail, name: never}
  - type: pass
    name: done
    outputMappings:
      - {target: n, source: $input.n}
      - {target: answer, source: $input.answer}
      - {target: error, source: $input.error}
"""
OUTPUT = '{"n":3,"answer":42,"error":"Broken"}'
COMMITS = 13  # of an undisturbed run, from the creation of the flow on


class Services(World):
    """Functions that depend on their event alone, one of which fails at first, and a person who answers questions."""

    def __init__(self, earlier: "Services | None" = None) -> None:
        super().__init__(earlier)
        self.published = list(earlier.published) if earlier else []
        self.function = self.work

    async def work(self, invocation: Invocation) -> bytes:
        if invocation.function == "fail":
            raise Broken
        n = int(invocation.payload.partition(b'"n":')[2][:1] or b"0")
        if n == 1 and invocation.retry_count == 0:
            raise Flaky
        return b'{"n":%d}' % (n + 1)

    async def answer(self) -> None:
        for token in self.published:
            with suppress(PlatformError):  # answered before
                await self.workflow.executions.report_succeeded(ACCOUNT, token, '{"answer":42}')

    async def drive(self) -> Execution:
        """What the outside world does: start and start again, answer, wait."""
        with suppress(PlatformError):  # an earlier process made it
            await self.flow("f", FLOW)
        await self.workflow.start()
        try:
            found = await self.start("f")
        except PlatformError:
            return await self.describe("f")
        while found.status is ExecutionStatus.RUNNING:
            await self.clock.advance(1)
            await self.answer()
            found = await self.describe("f")
        return found


class Broken(Exception):
    pass


class Flaky(Exception):
    pass


async def drive_until_death(world: Services) -> Execution | None:
    driving = asyncio.create_task(world.drive())
    while not driving.done() and not world.db.is_dead:
        await settle()
    if driving.done():
        return driving.result()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await settle()
    world.db.is_dead, world.db.last = False, None
    return None


async def replay(world: World, found: Execution) -> Run:
    chunks = await world.db.read(lambda tx: store.history(tx, found.key))
    return reduce(evolve, [event for chunk in chunks for event in decode_events(chunk)], Run("f", "run"))


@pytest.mark.parametrize("commits", range(1, COMMITS + 1))
def test_a_run_ends_the_same_whenever_its_process_dies(commits: int):
    """Nothing lost, no result taken twice: status and output are those of an undisturbed run, and of its history."""

    async def main() -> None:
        first = Services()
        first.db.last = commits
        found = await drive_until_death(first) or await drive_until_death(Services(first))
        assert found is not None
        assert (found.status, found.output) == (ExecutionStatus.SUCCEEDED, OUTPUT)
        replayed = await replay(first, found)
        assert (replayed.status.value, replayed.stopped_at) == (found.status.value, found.stopped_at)

    run(main())


def test_the_undisturbed_run_has_as_many_commits_as_the_test_above_disturbs():
    """So that none is left out."""

    async def main() -> None:
        world = Services()
        found = await world.drive()
        assert (found.output, world.db.commits) == (OUTPUT, COMMITS)

    run(main())
