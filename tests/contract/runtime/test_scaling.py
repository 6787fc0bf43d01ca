"""What owners set of their functions' instances: provisioned ones, limits, reservations."""

import asyncio
from pathlib import Path

import pytest

from liuyun.errors import Throttled
from liuyun.model.invocation import InvocationResult
from liuyun.model.scaling import Provision
from tests.contract.runtime.stage import ACCOUNT, Stage, on_stage

NAME = (ACCOUNT, "s", "f")
LATEST = (*NAME, "LATEST")
LOUD = (
    "print('loaded')\nimport time\ndef handler(event, context):\n    time.sleep(float(event or 0))\n    return '%s'\n"
)


async def loaded(stage: Stage, count: int) -> None:
    """Waits until so many instances have loaded their code."""
    async with asyncio.timeout(20):
        while sum(line.text == "loaded" for line in stage.lines) < count:
            stage.news.clear()
            await stage.news.wait()


def test_provisioned_instances_are_there_before_a_call(tmp_path: Path):
    """First calls find them warm, and one more call than there are is served as well."""

    async def act(stage: Stage) -> list[InvocationResult]:
        stage.deploy(LOUD % "")
        stage.compute.scaling.provision(LATEST, Provision(2))
        await loaded(stage, 2)
        return await asyncio.gather(*(stage.invoke(b"0.2") for _ in range(3)))

    results = on_stage(tmp_path, act)
    assert sorted(result.cold_start for result in results) == [False, False, True]


def test_new_code_is_warmed_too(tmp_path: Path):
    """Provisioned instances of the old code are replaced by ones of the new, without being asked."""

    async def act(stage: Stage) -> InvocationResult:
        stage.deploy(LOUD % "old")
        stage.compute.scaling.provision(LATEST, Provision(1))
        await loaded(stage, 1)
        stage.deploy(LOUD % "new")
        await stage.compute.replaced(*NAME)
        await loaded(stage, 2)
        return await stage.invoke()

    result = on_stage(tmp_path, act)
    assert (result.payload, result.cold_start) == (b"new", False)


@pytest.mark.parametrize("limit", ["on demand", "reserved"])
def test_an_owners_limit_refuses_at_once(tmp_path: Path, limit: str):
    """Of two calls that overlap one is refused; later ones find the instance."""

    async def act(stage: Stage) -> list[InvocationResult | BaseException]:
        stage.deploy(LOUD % "")
        if limit == "on demand":
            stage.compute.scaling.limit_on_demand(LATEST, 1)
        else:
            stage.compute.scaling.reserve(NAME, 1)
        both = await asyncio.gather(*(stage.invoke(b"0.2") for _ in range(2)), return_exceptions=True)
        return [*both, await stage.invoke()]

    first, second, third = on_stage(tmp_path, act)
    assert isinstance(first, InvocationResult)
    assert isinstance(second, Throttled)
    assert isinstance(third, InvocationResult)
    assert third.instance_id == first.instance_id


def test_calls_may_wait_at_an_owners_limit(tmp_path: Path):
    """Where the operator says so."""

    async def act(stage: Stage) -> list[InvocationResult]:
        stage.deploy(LOUD % "")
        stage.compute.scaling.limit_on_demand(LATEST, 1)
        return await asyncio.gather(*(stage.invoke(b"0.1") for _ in range(3)))

    results = on_stage(tmp_path, act, limits={"wait_at_own_limit_s": 10})
    assert len({result.instance_id for result in results}) == 1


def test_what_is_reserved_is_left_to_its_function(tmp_path: Path):
    """A neighbour can't have the instances that another has reserved, though nobody uses them."""

    async def act(stage: Stage) -> dict[str, int]:
        stage.deploy(LOUD % "", name="noisy")
        stage.compute.scaling.reserve(NAME, 3)
        await asyncio.gather(*(stage.invoke(b"0.1", name="noisy") for _ in range(6)))
        return stage.compute.statistics()

    assert on_stage(tmp_path, act, limits={"instances": 5})["instances"] == 2
