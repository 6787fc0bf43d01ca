"""Nothing outlives the platform, however that ends."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PLATFORM = """
import asyncio, os, pathlib, sys
from tests.contract.runtime.stage import staged

async def main():
    async with staged(pathlib.Path(sys.argv[1]), isolation=sys.argv[2]) as stage:
        stage.deploy("import time\\ndef handler(event, context):\\n    print('here')\\n    time.sleep(9)", timeout_s=60)
        task = asyncio.ensure_future(stage.invoke())
        await stage.printed("here")
        children = pathlib.Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
        pids = list(children)
        for pid in pids:
            pids += pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        print(*pids, flush=True)
        await task

asyncio.run(main())
"""


@pytest.mark.parametrize("isolation", ["namespaces", "process"])
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_no_process_is_left(tmp_path: Path, isolation: str, end: signal.Signals):
    """Zygote, init and worker go with the platform, even in the middle of a call."""
    platform = subprocess.Popen(
        [sys.executable, "-c", PLATFORM, str(tmp_path), isolation], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert platform.stdout is not None
    with platform, platform.stdout:
        pids = [int(pid) for pid in last_line(platform.stdout).split()]
        assert len(pids) == 3
        ends = [os.pidfd_open(pid) for pid in pids]
        platform.send_signal(end)
        platform.wait(10)
        for pidfd in ends:
            assert select.select([pidfd], [], [], 10)[0], "a process of the platform lives on"
            os.close(pidfd)


def last_line(output) -> str:
    """The platform's log comes first."""
    for line in output:
        text = line.decode()
        if text.replace(" ", "").strip().isdigit():
            return text
    return ""
