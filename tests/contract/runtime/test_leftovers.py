"""What instances leave behind in the platform: nothing."""

import asyncio
import gc
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvloop

from tests.contract.runtime.custom import deploy_server
from tests.contract.runtime.stage import ACCOUNT, Stage, staged


def deploy_handler(stage: Stage) -> None:
    stage.deploy("def handler(event, context):\n    return event\n", internet=False)


def deploy_command(stage: Stage) -> None:
    deploy_server(stage, "def answer(handler, body):\n    return 200, [], body\n")


@pytest.fixture
def uncollected() -> Iterator[None]:
    """The collector doesn't run by itself."""
    gc.disable()
    yield
    gc.enable()
    gc.collect()


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("deploy", [deploy_handler, deploy_command])
def test_an_instance_that_has_gone_needs_no_collector(tmp_path: Path, deploy: Callable[[Stage], None]):
    """So that memory doesn't grow with every deploy until the collector happens to look."""

    async def main() -> object:
        async with staged(tmp_path) as stage:
            deploy(stage)
            await stage.invoke(b"x")
            gone = weakref.ref(await replaced(stage))
            await asyncio.sleep(0)
            return gone()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(main()) is None


async def replaced(stage: Stage) -> Any:
    """The instance, which has gone."""
    (instance,) = stage.compute._invoker.pool._roster.everybody()
    await stage.compute.replaced(ACCOUNT, "s", "f")
    await instance.wait_gone()
    return instance
