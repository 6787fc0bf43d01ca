"""Functions that exit, crash, hang, flood or leave something behind: each costs its own call and nothing else."""

import asyncio
import json
import os
import re
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from liuyun.errors import FunctionDisabled, Throttled, Unsupported, phrase
from liuyun.model.invocation import InvocationResult
from tests.contract.runtime.stage import ACCOUNT, Stage, call, on_stage

EXITED = r"Process exited unexpectedly before completing request \(duration: \d+ms, maxMemoryUsage: \d+\.\d\dMB\)\. "
TIMED_OUT = r"Function timed out after 1 seconds \(maxMemoryUsage: \d+\.\d\dMB\)"


@pytest.mark.parametrize(
    ("end", "how"),
    [
        ("os._exit(3)", "The process exited with status 3."),
        ("sys.exit(1)", "The process exited with status 1."),
        ("os.kill(os.getpid(), 9)", "The process was ended by signal 9 (SIGKILL)."),
        ("os.abort()", "The process was ended by signal 6 (SIGABRT)."),
        ("ctypes.string_at(0)", "The process was ended by signal 11 (SIGSEGV)."),
    ],
)
def test_a_process_that_ends_is_reported(tmp_path: Path, end: str, how: str):
    """Exits, signals and crashes give the vendor's document, without an errorType, and say which it was."""
    result = call(tmp_path, f"import ctypes, os, sys\ndef handler(event, context):\n    {end}\n")
    document = json.loads(result.payload)
    assert (result.error_type, list(document)) == ("UnhandledInvocationError", ["errorMessage"])
    assert re.fullmatch(EXITED + re.escape(how), document["errorMessage"])


def test_what_was_printed_before_a_crash_is_kept(tmp_path: Path):
    """The log of the call holds its last words and how the process ended."""
    code = "import os, sys\ndef handler(event, context):\n    print('last words', file=sys.stderr)\n    os._exit(3)\n"
    tail = call(tmp_path, code).log_tail.splitlines()
    assert tail[1:3] == ["last words", "The process exited with status 3."]


def test_after_an_end_the_next_call_starts_anew(tmp_path: Path):
    """A crash costs one invocation."""
    code = "import os\ndef handler(event, context):\n    return event if event else os._exit(1)\n"

    async def act(stage: Stage) -> list:
        stage.deploy(code)
        return [await stage.invoke(payload) for payload in (b"a", b"", b"b")]

    results = on_stage(tmp_path, act)
    assert [result.error_type is None for result in results] == [True, False, True]
    assert results[2].cold_start


def test_a_call_past_its_time_is_ended(tmp_path: Path):
    """The document is the vendor's, and the log shows where it hung."""
    result = call(tmp_path, "import time\ndef handler(event, context):\n    time.sleep(60)\n", timeout_s=1)
    assert re.fullmatch(TIMED_OUT, json.loads(result.payload)["errorMessage"])
    assert 'File "/code/index.py", line 3 in handler' in result.log_tail
    assert "liuyun" not in result.log_tail
    assert 1000 <= result.duration_ms < 2500


def test_a_handler_that_ignores_signals_is_ended_too(tmp_path: Path):
    """SIGTERM is asked first, and then nobody is asked."""
    code = """
        import signal
        def handler(event, context):
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            while True:
                pass
    """
    result = call(tmp_path, code, timeout_s=1)
    assert re.fullmatch(TIMED_OUT, json.loads(result.payload)["errorMessage"])


def test_an_initializer_that_hangs_is_ended(tmp_path: Path):
    """Starting is bounded as well."""
    code = "import time\ndef start(context):\n    time.sleep(60)\ndef handler(event, context):\n    pass\n"
    result = call(tmp_path, code, initializer="index.start", initialization_timeout_s=1)
    assert "timed out" in json.loads(result.payload)["errorMessage"]


def test_a_module_that_exits_while_it_is_loaded(tmp_path: Path):
    """Leaving before there is a handler is an unexpected exit too."""
    result = call(tmp_path, "import sys\nsys.exit(4)\n")
    assert re.match(EXITED, json.loads(result.payload)["errorMessage"])


def test_a_flood_of_output_is_cut(tmp_path: Path):
    """The log is bounded and says so; the function isn't held up."""
    code = "def handler(event, context):\n    for n in range(300_000):\n        print('x' * 100)\n    return 'done'\n"

    async def act(stage: Stage) -> tuple:
        stage.deploy(code, timeout_s=60)
        return await stage.invoke(), stage.texts("request-1")

    result, texts = on_stage(tmp_path, act)
    assert result.payload == b"done"
    assert sum(map(len, texts)) < 1024 * 1024 + 500
    assert sum("cut here" in text for text in texts) == 1


def test_a_line_without_end_is_cut(tmp_path: Path):
    """Megabytes without a line break don't gather in the platform."""
    code = "def handler(event, context):\n    print('y' * 5_000_000)\n"

    async def act(stage: Stage) -> list[str]:
        stage.deploy(code)
        await stage.invoke()
        return stage.texts("request-1")

    assert max(map(len, on_stage(tmp_path, act))) <= 64 * 1024


def test_a_daemon_does_not_outlive_its_instance(tmp_path: Path):
    """A child that left its session dies with the sandbox."""
    code = """
        import os, time
        def handler(event, context):
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(60)
                os._exit(0)
            os.wait()
            time.sleep(60)
    """

    async def act(stage: Stage) -> list[str]:
        stage.deploy(code, timeout_s=1, name="daemon")
        result = await stage.invoke(name="daemon")
        return processes_with(result.instance_id)

    assert on_stage(tmp_path, act) == []


def processes_with(instance_id: str) -> list[str]:
    """Processes of this machine that are in the instance's control group."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if instance_id in (path / "cgroup").read_text():
                found.append(path.name)
    return found


def test_a_cancelled_call_ends_its_process(tmp_path: Path):
    """Nobody waits for it any more, so it doesn't go on; the log says why."""
    code = "import time\ndef handler(event, context):\n    print('began')\n    time.sleep(60 if event else 0)\n"

    async def act(stage: Stage) -> tuple:
        stage.deploy(code, timeout_s=60)
        task = asyncio.ensure_future(stage.invoke(b"x"))
        await stage.printed("began")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return await stage.invoke(), stage.texts("request-1")

    result, texts = on_stage(tmp_path, act)
    assert (result.error_type, result.cold_start) == (None, True)
    assert texts[-1].endswith("Error: Invocation canceled by client")


def test_more_memory_than_allowed_is_reported(tmp_path: Path):
    """The process is killed, or the allocation refused where there are no control groups; the neighbours live."""
    code = "def handler(event, context):\n    return len(b'x' * (2 << 30))\n"

    async def act(stage: Stage) -> tuple:
        stage.deploy(code, name="greedy")
        stage.deploy("def handler(event, context):\n    return 'fine'\n", name="modest")
        return await stage.invoke(name="greedy"), await stage.invoke(name="modest")

    greedy, modest = on_stage(tmp_path, act, limits={"tmp_bytes": 64 << 20})
    assert greedy.error_type == "UnhandledInvocationError"
    assert b"memory" in greedy.payload.lower()
    assert modest.payload == b"fine"


def test_too_many_waiting_calls_are_refused(tmp_path: Path):
    """The queue is bounded; what is in it is served."""
    code = "import time\ndef handler(event, context):\n    time.sleep(0.3)\n"

    async def act(stage: Stage) -> list:
        stage.deploy(code)
        return await asyncio.gather(*(stage.invoke() for _ in range(5)), return_exceptions=True)

    results = on_stage(tmp_path, act, limits={"instances_per_function": 1, "queued_invocations": 2})
    refused = [result for result in results if isinstance(result, Throttled)]
    assert len(refused) == 2
    assert all(result.error_type is None for result in results if not isinstance(result, Throttled))


def test_an_unknown_runtime_is_refused(tmp_path: Path):
    """A runtime that isn't there is an error that names it."""
    with pytest.raises(Unsupported, match="php7"):
        call(tmp_path, "", runtime="php7.2")


def test_new_code_is_used_at_once_and_no_call_fails(tmp_path: Path):
    """What runs ends on the old code; what comes after runs on the new."""
    code = "import time\ndef handler(event, context):\n    time.sleep(0.2 if event else 0)\n    return '%s'\n"

    async def act(stage: Stage) -> list[bytes]:
        stage.deploy(code % "old", internet=False)
        running = asyncio.ensure_future(stage.invoke(b"slowly"))
        await stage.printed("FC Invoke Start")
        stage.deploy(code % "new")
        await stage.compute.replaced("1234567890123456", "s", "f")
        fresh = await stage.invoke()
        return [(await running).payload, fresh.payload]

    assert on_stage(tmp_path, act) == [b"old", b"new"]


def test_a_call_is_made_again_when_its_instance_is_taken_away(tmp_path: Path):
    """Whoever kills a sandbox from outside costs nobody an invocation; the log tells of it."""
    code = "import time\ndef handler(event, context):\n    print('began')\n    time.sleep(0.5)\n    return 'done'\n"

    async def act(stage: Stage) -> tuple[InvocationResult, list[str]]:
        stage.deploy(code)
        task = asyncio.ensure_future(stage.invoke())
        await stage.printed("began")
        began = next(line for line in stage.lines if line.text == "began")
        inside = [int(pid) for pid in processes_with(began.instance_id)]
        os.kill(min(inside), signal.SIGKILL)  # the first one keeps the others
        return await task, stage.texts("request-1")

    result, texts = on_stage(tmp_path, act)
    assert result.payload == b"done"
    assert texts.count("began") == 2
    assert "The instance was killed from outside of its sandbox." in texts


def test_calls_are_ended_when_their_owner_wants_it(tmp_path: Path):
    """One that runs and one that waits for its instance are told why; the log says so, and later calls are served."""
    code = "import time\ndef handler(event, context):\n    print('began')\n    time.sleep(60 if event else 0)\n"

    async def act(stage: Stage) -> tuple[list[InvocationResult | BaseException], list[str], InvocationResult]:
        stage.deploy(code, timeout_s=90)
        calls = [asyncio.ensure_future(stage.invoke(b"long")) for _ in range(2)]
        await stage.printed("began")
        stage.compute.abort(ACCOUNT, "s", "another", phrase("function_disabled", "not meant"))
        stage.compute.abort(ACCOUNT, "s", "f", phrase("function_disabled", "moving house"))
        ended = await asyncio.gather(*calls, return_exceptions=True)
        return ended, stage.texts("request-1"), await stage.invoke()

    ended, texts, later = on_stage(tmp_path, act, limits={"instances_per_function": 1})
    assert [(type(error), str(error)) for error in ended] == [(FunctionDisabled, "moving house")] * 2
    assert texts[-2:] == ["moving house", "FC Invoke End RequestId: request-1, Error: Unhandled function error"]
    assert later.error_type is None
