"""Child processes that live exactly as long as this one."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from liuyun.cli.failure import Failure

PR_SET_PDEATHSIG = 1
STOP_S = 60  # for draining, before the kill


@dataclass(frozen=True, slots=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def check(self) -> None:
        """Raises Failure if it has ended, which it never does by itself while all is well."""
        if self.ended:
            raise Failure(f"{self.name} ended with exit code {self.process.returncode}; see its messages above.")


def start(
    name: str, command: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: Path | None = None, quiet: bool
) -> Child:
    """In a session of its own, so that a terminal's Ctrl-C reaches it through its parent alone, and in order."""
    parent = os.getpid()
    process = subprocess.Popen(  # noqa: S603 - our own programs
        command,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if quiet else None,
        start_new_session=True,
        preexec_fn=lambda: die_with(parent),  # noqa: PLW1509 - it only makes two system calls
    )
    return Child(name, process)


def die_with(parent: int) -> None:
    """Runs in the child: the kernel stops it when its parent is gone, even if that was killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def stop(children: Sequence[Child]) -> None:
    """One after the other, the last one started first: who uses a service goes before it."""
    for child in reversed(children):
        if not child.ended:
            child.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(STOP_S)
        if not child.ended:
            child.process.kill()
            child.process.wait()


def wait_any(children: Sequence[Child]) -> None:
    """Until one of them ends, which is reported. Raises Failure."""
    while True:
        for child in children:
            child.check()
        time.sleep(0.5)
