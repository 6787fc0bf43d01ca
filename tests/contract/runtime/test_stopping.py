"""A platform stops whatever is going on, and however its clock stands."""

import asyncio
from pathlib import Path

from liuyun.errors import Unavailable
from liuyun.testing.clock import FakeClock
from tests.contract.runtime.stage import staged

HANG = "import time\ndef handler(event, context):\n    print('runs', flush=True)\n    time.sleep(600)\n"


def test_a_call_that_runs_does_not_hold_up_the_end(tmp_path: Path):
    """With a clock that stands still it has its time to finish all the same, and is ended then."""

    async def main() -> object:
        async with staged(tmp_path, clock=FakeClock()) as stage:
            stage.deploy(HANG, internet=False, timeout_s=600)
            call = asyncio.ensure_future(stage.invoke())
            await stage.printed("runs")
            await stage.compute.close(0.1)
            return (await call).error_type

    assert asyncio.run(main()) == "UnhandledInvocationError"


def test_a_start_under_way_is_given_up(tmp_path: Path):
    """Whoever waits for it is told that the platform stops."""

    async def main() -> object:
        async with staged(tmp_path, clock=FakeClock()) as stage:
            stage.deploy("import time\nprint('began', flush=True)\ntime.sleep(600)\n", internet=False)
            call = asyncio.ensure_future(stage.invoke())
            await stage.printed("began")
            await stage.compute.close(0.1)
            return (await asyncio.gather(call, return_exceptions=True))[0]

    assert isinstance(asyncio.run(main()), Unavailable)
