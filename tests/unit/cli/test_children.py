import os
import select
import subprocess
import sys

import pytest

from liuyun.cli import children
from liuyun.cli.failure import Failure

ENDLESS = [sys.executable, "-c", "import signal; signal.pause()"]


def test_stopping() -> None:
    """All children end, the stubborn ones too."""
    started = [children.start(name, ENDLESS, quiet=True) for name in ("a", "b")]
    assert not any(child.ended for child in started)
    children.stop(started)
    assert all(child.ended for child in started)


def test_a_child_that_ends_is_reported() -> None:
    """A part that dies is named with its exit code."""
    child = children.start("The part", [sys.executable, "-c", "raise SystemExit(3)"], quiet=True)
    child.process.wait(30)
    with pytest.raises(Failure, match="The part ended with exit code 3"):
        children.wait_any([child])


def test_children_follow_their_parent() -> None:
    """A parent that is killed leaves no orphans."""
    script = (
        "import sys; from liuyun.cli import children;"
        f"child = children.start('c', {ENDLESS!r}, quiet=True);"
        "print(child.process.pid, flush=True); import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    )
    parent = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    wait_until_gone(int(parent.stdout))


def wait_until_gone(pid: int) -> None:
    """Blocks on the process itself, so that no time is guessed; fails after half a minute."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ready, _, _ = select.select([descriptor], [], [], 30)
    os.close(descriptor)
    assert ready
