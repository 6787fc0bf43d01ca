"""What functions print and log, and whom it belongs to (fc contract 1.7, 3.1)."""

import re
from pathlib import Path

from tests.contract.runtime.stage import Stage, call, on_stage


def test_printed_lines_belong_to_their_invocation(tmp_path: Path):
    """Each call has its own marks and its own lines between."""
    code = "def handler(event, context):\n    print('got', event.decode())\n"

    async def act(stage: Stage) -> list[list[str]]:
        stage.deploy(code)
        for payload in (b"one", b"two"):
            await stage.invoke(payload)
        return [stage.texts("request-1"), stage.texts("request-2")]

    first, second = on_stage(tmp_path, act)
    assert first[0] == "FunctionCompute python3 runtime inited."
    assert first[1:] == ["FC Invoke Start RequestId: request-1", "got one", "FC Invoke End RequestId: request-1"]
    assert second == ["FC Invoke Start RequestId: request-2", "got two", "FC Invoke End RequestId: request-2"]


def test_logged_lines_have_the_vendors_form(tmp_path: Path):
    """Time with milliseconds in UTC, request id, level; debug is off."""
    code = """
        import logging
        def handler(event, context):
            logging.getLogger("mine").info("for %s", "you")
            logging.getLogger().debug("not for you")
    """
    lines = call(tmp_path, code).log_tail.splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z request-1 \[INFO\] for you", lines[1])
    assert lines[2] == "FC Invoke End RequestId: request-1"


def test_the_tail_ends_with_a_summary(tmp_path: Path):
    """CRLF between lines, an empty one, then duration, billed duration, memory size and use."""
    tail = call(tmp_path, "def handler(event, context):\n    pass\n").log_tail
    assert tail.startswith("FC Invoke Start RequestId: request-1\r\nFC Invoke End RequestId: request-1\r\n\r\n")
    summary = r"Duration: \d+\.\d\d ms, Billed Duration: \d+ ms, Memory Size: 128 MB, Max Memory Used: \d+\.\d\d MB"
    assert re.fullmatch(summary, tail.splitlines()[-1])


def test_the_tail_is_four_kilobytes_at_most(tmp_path: Path):
    """The end is kept, the beginning is not."""
    code = "def handler(event, context):\n    for n in range(1000):\n        print('line', n)\n"
    tail = call(tmp_path, code).log_tail
    assert len(tail) <= 4096
    assert "line 999\r\n" in tail
    assert "line 1\r\n" not in tail


def test_a_failed_call_is_marked(tmp_path: Path):
    """The error document is logged, and the end says that it failed."""
    lines = call(tmp_path, "def handler(event, context):\n    raise ValueError('boom')\n").log_tail.splitlines()
    assert "[ERROR] {" in lines[1]
    assert "FC Invoke End RequestId: request-1, Error: Unhandled function error" in lines


def test_subprocesses_write_into_the_same_log(tmp_path: Path):
    """Both standard streams of everything in the sandbox are the log."""
    code = "import os\ndef handler(event, context):\n    os.system('echo out; echo err >&2')\n"
    assert call(tmp_path, code).log_tail.splitlines()[1:3] == ["out", "err"]
