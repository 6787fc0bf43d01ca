"""Functions that start in a stem cell: a sandbox that stood before anybody knew whose code it would run."""

import asyncio
import json
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from liuyun.model.invocation import InvocationResult
from tests.contract.runtime.custom import deploy_server
from tests.contract.runtime.stage import Stage, on_stage

LIMITS = {"stem_cells": 1, "tmp_bytes": 64 << 20}
RUNTIMES = ("python3", "nodejs20")
PYTHON = """
    import os, sys
    def handler(event, context):
        return {expression}
"""
SCRIPT = """
    const fs = require('node:fs');
    const read = (path) => fs.readFileSync(path, 'utf8');
    exports.handler = async (event, context) => ({expression});
"""


def deploy(stage: Stage, name: str, python: str, script: str, runtime: str, **options: Any) -> None:
    """A function that returns the value of one of the expressions."""
    files = {"index.js": SCRIPT.replace("{expression}", script)}
    stage.deploy(PYTHON.replace("{expression}", python), name=name, files=files, runtime=runtime, **options)


async def from_stem(stage: Stage, name: str, payload: bytes = b"") -> InvocationResult:
    """The first call of a function, taken by a stem cell."""
    await stage.compute.stems.wait_complete()
    assert stage.compute.statistics()["stem_cells"]
    result = await stage.invoke(payload, name=name)
    assert result.cold_start or result.error_type
    return result


async def warm_up(stage: Stage, runtime: str) -> None:
    """A first function of a kind has no stem cell; those after it have."""
    deploy(stage, "neighbour", "'neighbour'", "'neighbour'", runtime)
    assert (await stage.invoke(name="neighbour")).payload == b"neighbour"


def seen(folder: Path, python: str, script: str, runtime: str) -> Any:
    """The value of an expression in a function that started in a stem cell."""

    async def act(stage: Stage) -> Any:
        await warm_up(stage, runtime)
        deploy(stage, "mine", python, script, runtime)
        result = await from_stem(stage, "mine")
        assert result.error_type is None, result.payload
        return json.loads(result.payload)

    return on_stage(folder, act, limits=LIMITS)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_nothing_of_the_store_is_left(tmp_path: Path, runtime: str):
    """Its own code is there, read-only; no other mount, file or folder leads to anybody else's."""
    python = """[
        sorted(os.listdir("/code")), os.listdir("/var/fc/stores/code"),
        [line.split()[4:6] for line in open("/proc/self/mountinfo") if "/data/" in line.split()[3]],
        [line.split()[4] for line in open("/proc/1/mountinfo") if "stores" in line],
    ]"""
    script = """[
        fs.readdirSync('/code').sort(), fs.readdirSync('/var/fc/stores/code'),
        read('/proc/self/mountinfo').trim().split('\\n').map((line) => line.split(' '))
            .filter((fields) => fields[3].includes('/data/')).map((fields) => [fields[4], fields[5]]),
        read('/proc/1/mountinfo').split('\\n').filter((line) => line.includes('stores')),
    ]"""
    code, store, mounts, of_init = seen(tmp_path, python, script, runtime)
    assert (code, store, of_init) == (["index.js", "index.py"], [], [])
    options = {target: set(options.split(",")) for target, options in mounts}
    own = {target: found for target, found in options.items() if target == "/code"}
    assert own.keys() == {"/code"}
    assert {"ro", "nosuid", "nodev"} <= own["/code"]
    assert all("code" not in target for target in options.keys() - own.keys())


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_nobody_who_could_mount_is_left(tmp_path: Path, runtime: str):
    """Neither of the two processes has a capability: init gave up its own before the function began."""
    python = """[open(f"/proc/{pid}/status").read() for pid in os.listdir("/proc") if pid.isdigit()]"""
    script = (
        """fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).map((pid) => read(`/proc/${pid}/status`))"""
    )
    processes = [
        dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        for status in seen(tmp_path, python, script, runtime)
    ]
    assert {status["Pid"] for status in processes} == {"1", "2"}
    for status in processes:
        assert {int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
        assert (status["NoNewPrivs"], status["Uid"].split()[0]) == ("1", "1000")


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_no_descriptor_of_the_stem_is_left(tmp_path: Path, runtime: str):
    """One socket, its channel; no folder, and nothing that orders came by."""
    python = """[os.readlink(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")
                 if os.path.lexists(f"/proc/self/fd/{number}")]"""
    script = """fs.readdirSync('/proc/self/fd').flatMap((number) => {
        try { return [fs.readlinkSync(`/proc/self/fd/${number}`)]; } catch { return []; }
    })"""
    found = seen(tmp_path, python, script, runtime)
    assert sum(name.startswith("socket:") for name in found) == 1
    folders = [name for name in found if name.startswith("/") and not name.startswith(("/dev/null", "/proc/"))]
    assert folders == []


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_others_code_is_out_of_reach(tmp_path: Path, runtime: str):
    """By paths through working directories, roots and mounts of every process that it sees."""
    python = """[name for pid in ("1", "self") for link in ("cwd", "root") for name in
                 (os.listdir(f"/proc/{pid}/{link}") if os.access(f"/proc/{pid}/{link}/.", os.R_OK) else [])
                 if name.startswith("neighbour")]"""
    script = """['1', 'self'].flatMap((pid) => ['cwd', 'root'].flatMap((link) => {
        try { return fs.readdirSync(`/proc/${pid}/${link}/`); } catch { return []; }
    })).filter((name) => name.startsWith('neighbour'))"""
    assert seen(tmp_path, python, script, runtime) == []


def test_the_limits_are_the_functions(tmp_path: Path):
    """A stem cell's memory is bounded like any other sandbox's once it has a function."""

    async def act(stage: Stage) -> tuple:
        await warm_up(stage, "python3")
        deploy(stage, "greedy", "len(b'x' * (2 << 30))", "0", "python3")
        greedy = await from_stem(stage, "greedy")
        return greedy.error_type, (await stage.invoke(name="neighbour")).payload

    assert on_stage(tmp_path, act, limits=LIMITS) == ("UnhandledInvocationError", b"neighbour")


def test_a_dead_stem_cell_is_passed_over(tmp_path: Path):
    """Whatever killed it: the function starts in a sandbox of its own."""

    async def act(stage: Stage) -> tuple:
        await warm_up(stage, "python3")
        await stage.compute.stems.wait_complete()
        (stem,) = next(iter(stage.compute.stems._ready.values()))
        os.kill(stem.sandbox.process.pid, signal.SIGKILL)
        await asyncio.wait_for(asyncio.shield(stem.sandbox.process.exited), 10)
        deploy(stage, "mine", "'mine'", "", "python3")
        return (await stage.invoke(name="mine")).payload, (await stage.invoke(name="neighbour")).payload

    assert on_stage(tmp_path, act, limits=LIMITS) == (b"mine", b"neighbour")


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_stem_cells_that_fail_cost_nothing_else(tmp_path: Path, runtime: str):
    """Such as those that don't find the code: the function starts as if there had been none."""

    async def act(stage: Stage) -> bytes:
        await warm_up(stage, runtime)
        await stage.compute.stems.wait_complete()
        assert stage.compute.statistics()["stem_cells"] == 2
        stage.compute.stems._stores = {"moved": tmp_path / "data/code"}
        deploy(stage, "mine", "'mine'", "'mine'", runtime)
        return (await stage.invoke(name="mine")).payload

    assert on_stage(tmp_path, act, limits={**LIMITS, "stem_cells": 2}) == b"mine"


def test_code_that_lies_in_no_store_starts_anew(tmp_path: Path):
    """A stem cell can't show it; an ordinary sandbox can."""

    async def act(stage: Stage) -> bytes:
        await warm_up(stage, "python3")
        await stage.compute.stems.wait_complete()
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        elsewhere.chmod(0o755)
        (elsewhere / "index.py").write_text("def handler(event, context):\n    return 'found'\n")
        deploy(stage, "mine", "'mine'", "", "python3")
        stage.deployed["mine"] = replace(stage.deployed["mine"], code_dir=str(elsewhere))
        return (await stage.invoke(name="mine")).payload

    assert on_stage(tmp_path, act, limits=LIMITS) == b"found"


def test_layers_come_with_the_code(tmp_path: Path):
    """What a function's layers hold is at /opt, read-only, and nothing of others' layers is."""

    async def act(stage: Stage) -> bytes:
        await warm_up(stage, "python3")
        layers = tmp_path / "data/code/layers"
        layers.mkdir()
        layers.chmod(0o755)
        (layers / "tool.txt").write_text("tool")
        python = "[os.listdir('/opt'), os.access('/opt/tool.txt', os.W_OK), open('/opt/tool.txt').read()]"
        deploy(stage, "mine", python, "", "python3")
        stage.deployed["mine"] = replace(stage.deployed["mine"], layers_dir=str(layers))
        return (await from_stem(stage, "mine")).payload

    assert json.loads(on_stage(tmp_path, act, limits=LIMITS)) == [["tool.txt"], False, "tool"]


def test_commands_start_in_stem_cells_too(tmp_path: Path):
    """A server of a custom runtime, from its sandbox's first process, which stays."""
    setup = "def answer(handler, body):\n    return 200, [], str(os.getpid()).encode()\n"

    async def act(stage: Stage) -> list[bytes]:
        deploy_server(stage, setup, name="neighbour")
        first = await stage.invoke(name="neighbour")
        deploy_server(stage, setup, name="mine")
        return [first.payload, (await from_stem(stage, "mine")).payload]

    assert on_stage(tmp_path, act, limits=LIMITS) == [b"2", b"2"]
