"""People and time servers set a machine's clock: calls have the time that their functions give them all the same."""

import asyncio
import json
from pathlib import Path

from liuyun.model.invocation import InvocationResult
from liuyun.testing.clock import FakeClock
from tests.contract.runtime.stage import Stage, on_stage

HOUR = 3600
GATE = (
    "import threading\ngate = threading.Event()\n"
    "def handler(event, context):\n"
    "    if event:\n        gate.set()\n"
    "    else:\n        print('begun')\n        gate.wait()\n"
    "    return 'done'\n"
)


def test_a_clock_that_is_set_ends_no_call(tmp_path: Path):
    """Forward by an hour, a call goes on that may take ten seconds."""
    clock = FakeClock()

    async def act(stage: Stage) -> InvocationResult:
        stage.deploy(GATE, timeout_s=10, instance_concurrency=2)
        call = asyncio.ensure_future(stage.invoke())
        await stage.printed("begun")
        await clock.set_by(HOUR)
        await clock.advance(1)
        await stage.invoke(b"go on")
        return await call

    result = on_stage(tmp_path, act, clock=clock)
    assert result.payload == b"done"


def test_a_clock_that_is_set_back_keeps_no_call(tmp_path: Path):
    """Back by an hour, a call that hangs is ended when its second is over."""
    clock = FakeClock()

    async def act(stage: Stage) -> InvocationResult:
        stage.deploy(GATE, timeout_s=1)
        call = asyncio.ensure_future(stage.invoke())
        await stage.printed("begun")
        await clock.set_by(-HOUR)
        await clock.advance(1.1)
        return await call

    result = on_stage(tmp_path, act, clock=clock)
    assert "timed out after 1 seconds" in json.loads(result.payload)["errorMessage"]
