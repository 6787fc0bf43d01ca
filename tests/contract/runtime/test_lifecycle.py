"""Hooks of an instance's life: initializer, preFreeze, preStop (fc contract 2, 3.1), in every built-in runtime."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.runtime.stage import Stage, on_stage

RUNTIMES = ("python3", "nodejs20")
PYTHON = """
    import logging
    calls = 0
    def handler(event, context):
        global calls
        calls += 1
        return calls
    def start(context):
        print("starting", context.function.name)
    def freeze(context):
        print("freezing after", calls)
    def stop(context):
        print("stopping", context.request_id)
    def breaks(context):
        raise ValueError("broken")
    def hangs(context):
        while True:
            pass
"""
SCRIPT = """
    let calls = 0;
    exports.handler = async () => (calls += 1);
    const print = (text) => process.stdout.write(`${text}\\n`);
    exports.start = (context, callback) => { print(`starting ${context.function.name}`); callback(); };
    exports.freeze = async () => { print(`freezing after ${calls}`); };
    exports.stop = (context) => { print(`stopping ${context.requestId}`); };
    exports.breaks = async () => { throw new RangeError('broken'); };
    exports.hangs = () => { for (;;); };
"""


def deploy(stage: Stage, runtime: str, initializer: str = "", **hooks: str) -> None:
    config = {"instanceLifecycleConfig": {f"pre{name}": {"handler": h, "timeout": 1} for name, h in hooks.items()}}
    files = {"index.js": SCRIPT}
    stage.deploy(PYTHON, files=files, runtime=runtime, initializer=initializer, config=config)


async def retire(stage: Stage) -> None:
    await stage.compute.replaced("1234567890123456", "s", "f")


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_an_initializer_is_marked(tmp_path: Path, runtime: str):
    """What it prints stands between its marks."""

    async def act(stage: Stage) -> list[str]:
        deploy(stage, runtime, initializer="index.start")
        await stage.invoke()
        return stage.texts("request-1")

    texts = on_stage(tmp_path, act)
    first = texts.index("FC Initialize Start RequestId: request-1")
    assert texts[first + 1 : first + 3] == ["starting f", "FC Initialize End RequestId: request-1"]


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_failing_initializer_is_marked_as_failed(tmp_path: Path, runtime: str):
    """Its error document comes first."""

    async def act(stage: Stage) -> tuple[Any, list[str]]:
        deploy(stage, runtime, initializer="index.breaks")
        return json.loads((await stage.invoke()).payload), stage.texts("request-1")

    document, texts = on_stage(tmp_path, act)
    assert document["errorMessage"] == "broken"
    assert "FC Initialize End RequestId: request-1, Error: Unhandled function error" in texts
    assert any("broken" in text for text in texts)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_before_it_rests_the_function_is_told(tmp_path: Path, runtime: str):
    """After each call, once its caller has the answer; the next call finds the same instance."""

    async def act(stage: Stage) -> list[bytes]:
        deploy(stage, runtime, Freeze="index.freeze")
        answers = []
        for number in (1, 2):
            answers.append((await stage.invoke()).payload)
            await stage.printed(f"FC PreFreeze End RequestId: request-{number}")
            await stage.printed(f"freezing after {number}")
        return answers

    assert on_stage(tmp_path, act) == [b"1", b"2"]


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_before_it_goes_the_function_is_told(tmp_path: Path, runtime: str):
    """With the same context as a call, in a log of its own marks."""

    async def act(stage: Stage) -> list[str]:
        deploy(stage, runtime, Stop="index.stop")
        await stage.invoke()
        await retire(stage)
        await stage.printed("FC PreStop End")
        return stage.texts("request-1")

    assert on_stage(tmp_path, act)[-3:] == [
        "FC PreStop Start RequestId: request-1",
        "stopping request-1",
        "FC PreStop End RequestId: request-1",
    ]


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_broken_hook_stops_nothing(tmp_path: Path, runtime: str):
    """It is logged; calls go on, and the instance goes."""

    async def act(stage: Stage) -> list[bytes]:
        deploy(stage, runtime, Freeze="index.breaks", Stop="index.breaks")
        first = (await stage.invoke()).payload
        await stage.printed("FC PreFreeze End RequestId: request-1, Error: Unhandled function error")
        second = (await stage.invoke()).payload
        await stage.printed("FC PreFreeze End RequestId: request-2, Error: Unhandled function error")
        await retire(stage)
        await stage.printed("FC PreStop End RequestId: request-2, Error: Unhandled function error")
        return [first, second]

    assert on_stage(tmp_path, act) == [b"1", b"2"]


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_hook_that_hangs_is_ended(tmp_path: Path, runtime: str):
    """After its time: the next call has a new instance, and nothing waits for the old one."""

    async def act(stage: Stage) -> list[bytes]:
        deploy(stage, runtime, Freeze="index.hangs", Stop="index.hangs")
        answers = [(await stage.invoke()).payload for _ in range(2)]
        await stage.compute.close(0)  # without waiting for the second one's hook
        return answers

    assert on_stage(tmp_path, act) == [b"1", b"1"]


def test_a_platform_that_stops_waits_no_longer_than_it_is_told(tmp_path: Path):
    """A hook for the end may take long, but not when the operator wants to go."""
    config = {"instanceLifecycleConfig": {"preStop": {"handler": "index.hangs", "timeout": 90}}}

    async def act(stage: Stage) -> bytes:
        stage.deploy(PYTHON, config=config)
        answer = (await stage.invoke()).payload
        async with asyncio.timeout(30):
            await stage.compute.close(0)
        return answer

    assert on_stage(tmp_path, act) == b"1"
