"""Who gets an instance: neighbours on a full node, crowds, instances for one call, instances that leak."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from liuyun.errors import NodeFull, Throttled
from liuyun.model.invocation import InvocationResult
from tests.contract.runtime.stage import ACCOUNT, Stage, on_stage

SLEEP = "import time\ndef handler(event, context):\n    time.sleep(float(event))\n    return 'slept'\n"
FULL = {"instances": 4, "memory_mb": 4 * 128}


def test_a_crowd_of_first_calls_shares_instances(tmp_path: Path):
    """Nobody fails, and far fewer instances than calls are started."""

    async def act(stage: Stage) -> tuple[list[InvocationResult], int]:
        stage.deploy(SLEEP, internet=False)
        results = await asyncio.gather(*(stage.invoke(b"0.01") for _ in range(60)))
        return results, stage.compute.statistics()["instances"]

    results, instances = on_stage(tmp_path, act, limits={"starts_at_once": 2})
    assert {result.payload for result in results} == {b"slept"}
    assert instances < 30


def test_a_noisy_function_does_not_starve_another(tmp_path: Path):
    """The newcomer is served while the crowd still waits, from an instance that the crowd gave up; no call fails."""

    async def act(stage: Stage) -> tuple[list[InvocationResult], int, InvocationResult]:
        for name in ("noisy", "quiet"):
            stage.deploy(SLEEP, name=name, internet=False)
        crowd = [asyncio.ensure_future(stage.invoke(b"0.05", name="noisy")) for _ in range(120)]
        await asyncio.wait(crowd, return_when=asyncio.FIRST_COMPLETED)
        quiet = await stage.invoke(b"0", name="quiet")
        unfinished = sum(not task.done() for task in crowd)
        return await asyncio.gather(*crowd), unfinished, quiet

    crowd, unfinished, quiet = on_stage(tmp_path, act, limits=FULL)
    assert quiet.payload == b"slept"
    assert unfinished > 20
    assert {result.payload for result in crowd} == {b"slept"}


@pytest.mark.parametrize(("limit", "error"), [("instances", NodeFull), ("instances_per_account", Throttled)])
def test_a_refusal_says_whose_limit_it_is(tmp_path: Path, limit: str, error: type[Throttled]):
    """The machine's, or what function and account may have."""

    async def act(stage: Stage) -> list[object]:
        stage.deploy(SLEEP, internet=False)
        return await asyncio.gather(*(stage.invoke(b"0.3") for _ in range(6)), return_exceptions=True)

    results = on_stage(tmp_path, act, limits={limit: 2, "queued_invocations": 2})
    assert [type(result) for result in results if isinstance(result, Exception)] == [error, error]


def test_an_idle_neighbour_makes_room(tmp_path: Path):
    """An instance that nobody uses goes at once when another function needs its memory."""

    async def act(stage: Stage) -> tuple[bytes, dict[str, int]]:
        stage.deploy(SLEEP, name="idle", internet=False)
        stage.deploy(SLEEP, name="other", internet=False)
        await stage.invoke(b"0", name="idle")
        return (await stage.invoke(b"0", name="other")).payload, stage.compute.statistics()

    payload, statistics = on_stage(tmp_path, act, limits={"memory_mb": 128})
    assert (payload, statistics["instances"], statistics["memory_mb"]) == (b"slept", 1, 128)


def test_each_run_has_a_sandbox_of_its_own(tmp_path: Path):
    """REQUEST_EXCLUSIVE: what one call leaves behind no other finds, and the next sandbox is started ahead."""
    code = """
        import os
        print('loaded')
        def handler(event, context):
            there = os.path.exists('/tmp/left')
            open('/tmp/left', 'w').close()
            return 'seen' if there else 'fresh'
    """

    async def act(stage: Stage) -> list[InvocationResult]:
        stage.deploy(code, config={"instanceIsolationMode": "REQUEST_EXCLUSIVE"}, instance_concurrency=5)
        results = await asyncio.gather(*(stage.invoke() for _ in range(3)))
        async with asyncio.timeout(10):
            while sum(line.text == "loaded" for line in stage.lines) < 4:
                stage.news.clear()
                await stage.news.wait()
        return [*results, await stage.invoke()]

    results = on_stage(tmp_path, act)
    assert [result.payload for result in results] == [b"fresh"] * 4
    assert len({result.instance_id for result in results}) == 4
    assert not results[3].cold_start


def test_a_leaking_instance_is_replaced_before_it_is_killed(tmp_path: Path):
    """Calls go on without an error although all of them together would need more than there is."""
    code = "kept = []\ndef handler(event, context):\n    kept.append(b'x' * (10 << 20))\n    return str(len(kept))\n"

    async def act(stage: Stage) -> list[InvocationResult]:
        stage.deploy(code, internet=False)
        return [await stage.invoke() for _ in range(24)]

    results = on_stage(tmp_path, act, limits={"tmp_bytes": 16 << 20})
    assert [result.error_type for result in results] == [None] * 24
    assert len({result.instance_id for result in results}) > 1


@pytest.mark.parametrize(("names", "left"), [(["prod"], 0), (["prod", "1"], 1), (["prod", "next"], 1)])
def test_instances_of_a_version_go_when_its_last_name_does(tmp_path: Path, names: list[str], left: int):
    """Those that its number or another alias was called by stay; one that works ends its call first."""

    async def act(stage: Stage) -> tuple[InvocationResult, int, int]:
        stage.deploy(SLEEP, internet=False)
        version = replace(stage.deployed["f"], version_id="1")
        for name in names:
            stage.deployed["f"] = replace(version, qualifier=name)
            await stage.invoke(b"0")
        call = asyncio.ensure_future(stage.invoke(b"0.2"))
        await asyncio.sleep(0)
        stage.compute.led(ACCOUNT, "s", "prod", ("2",))
        result, first = await call, stage.compute.statistics()["instances"]
        for name in names:
            stage.compute.led(ACCOUNT, "s", name, ())
        return result, first, stage.compute.statistics()["instances"]

    result, first, last = on_stage(tmp_path, act)
    assert (result.payload, first, last) == (b"slept", left, 0)
