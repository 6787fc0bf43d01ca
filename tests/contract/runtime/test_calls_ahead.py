"""Calls that are handed to a busy instance: whoever they meet there, each of them comes out as if it had waited."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from liuyun.compute.core.calls_ahead import PER_CORE
from liuyun.compute.machine import cores
from liuyun.model.invocation import InvocationResult
from tests.contract.runtime.stage import Stage, on_stage

CODE = """
    import os, time
    def handler(event, context):
        word, _, number = event.decode().partition(' ')
        if word == 'sleep':
            time.sleep(float(number))
        if word == 'exit':
            os._exit(3)
        if word == 'print':
            print('this is', number, end='' if int(number) % 3 else '\\n')
        return event
"""
ENOUGH = PER_CORE * cores()
FEW = {"instances_per_function": ENOUGH}


async def brisk(stage: Stage, **options: Any) -> None:
    """The function, known to be brisk, with all the instances that it gets."""
    stage.deploy(CODE, internet=False, **options)
    for _ in range(4):
        await asyncio.gather(*(stage.invoke(b"short") for _ in range(10 * ENOUGH)))


async def all_at_once(stage: Stage, *words: str) -> list[InvocationResult]:
    return await asyncio.gather(*(stage.invoke(word.encode()) for word in words))


@pytest.mark.parametrize("tasks", [False, True])
def test_a_crash_costs_the_one_call_that_ran(tmp_path: Path, tasks: bool):
    """Those behind it had not begun, so they are carried out elsewhere."""

    async def act(stage: Stage) -> list[InvocationResult]:
        stage.tasks = tasks
        await brisk(stage)
        return await all_at_once(stage, "exit", *["short"] * (4 * ENOUGH))

    first, *others = on_stage(tmp_path, act, limits=FEW)
    assert first.error_type == "UnhandledInvocationError"
    assert [result.payload for result in others] == [b"short"] * 4 * ENOUGH


def test_the_time_of_a_call_begins_when_its_turn_comes(tmp_path: Path):
    """Two that take more than half of what they may, one behind the other."""

    async def act(stage: Stage) -> list[InvocationResult]:
        await brisk(stage, timeout_s=1)
        return await all_at_once(stage, *["sleep 0.6"] * (2 * ENOUGH))

    results = on_stage(tmp_path, act, limits=FEW)
    assert [result.error_type for result in results] == [None] * 2 * ENOUGH


def test_a_call_that_hangs_costs_nobody_else(tmp_path: Path):
    """It alone runs out of time; who stood behind it is served elsewhere."""

    async def act(stage: Stage) -> list[InvocationResult]:
        await brisk(stage, timeout_s=1)
        return await all_at_once(stage, "sleep 30", *["short"] * (4 * ENOUGH))

    first, *others = on_stage(tmp_path, act, limits=FEW)
    assert b"timed out after 1 seconds" in first.payload
    assert [result.payload for result in others] == [b"short"] * 4 * ENOUGH


@pytest.mark.parametrize("tasks", [False, True])
@pytest.mark.parametrize("gone", [slice(ENOUGH), slice(ENOUGH, 2 * ENOUGH)])
def test_callers_that_leave_take_nobody_with_them(tmp_path: Path, gone: slice, tasks: bool):
    """Neither those whose calls run nor those whose turn has not come."""

    async def act(stage: Stage) -> list[InvocationResult]:
        stage.tasks = tasks
        await brisk(stage)
        calls = [asyncio.ensure_future(stage.invoke(b"sleep 0.2")) for _ in range(2 * ENOUGH)]
        await asyncio.sleep(0)
        for call in calls[gone]:
            call.cancel()
        answered = await asyncio.gather(*calls, return_exceptions=True)
        return [*(each for each in answered if isinstance(each, InvocationResult)), await stage.invoke(b"sleep 0.2")]

    results = on_stage(tmp_path, act, limits=FEW)
    assert [result.payload for result in results] == [b"sleep 0.2"] * (ENOUGH + 1)


def test_each_call_has_its_own_lines(tmp_path: Path):
    """Also where what several printed is read at once, with or without ends of lines."""
    count = 6 * ENOUGH

    async def act(stage: Stage) -> list[list[str]]:
        await brisk(stage)
        results = await all_at_once(stage, *(f"print {number}" for number in range(count)))
        return [[text for text in stage.texts(each.request_id) if not text.startswith("FC Invoke")] for each in results]

    assert on_stage(tmp_path, act, limits=FEW) == [[f"this is {number}"] for number in range(count)]
