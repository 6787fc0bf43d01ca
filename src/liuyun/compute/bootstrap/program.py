"""Workers that aren't Python: the process that would have become the Python worker executes them instead."""

import os
import signal
import socket
import traceback
from typing import Any

from liuyun.compute.bootstrap import kernel

CHANNEL = 3
IGNORED = (signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ)  # by the zygote; what is ignored stays so in what is executed


def execute(program: dict[str, Any], channel: socket.socket, *, isolated: bool) -> None:
    """Never returns."""
    try:
        if not isolated:
            kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))  # as the Python worker does, and for its reason
        for number in IGNORED:
            signal.signal(number, signal.SIG_DFL)
        keep_only(channel.fileno())
        os.execve(program["command"][0], program["command"], program["environment"])  # noqa: S606 - no shell is wanted
    except OSError:
        traceback.print_exc()  # into the function's log
    finally:
        os._exit(127)


def keep_only(channel: int) -> None:
    """The standard streams, and the channel as descriptor 3."""
    if channel == CHANNEL:
        os.set_inheritable(channel, True)
    else:
        os.dup2(channel, CHANNEL)
    os.closerange(CHANNEL + 1, os.sysconf("SC_OPEN_MAX"))
