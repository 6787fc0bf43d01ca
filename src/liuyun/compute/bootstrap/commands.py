"""For functions that are a command, such as an HTTP server: runs it, and hands out sockets into its network.

Only the sandbox's first process can make those, and it stays. On its channel the platform first says what to run, in
one frame; after that each byte asks for one socket.
"""

import json
import os
import signal
import socket
import sys
from typing import Any

from liuyun.compute.bootstrap import kernel
from liuyun.compute.runtimes.frames import PREFIX

SOCKETS_AT_ONCE = 64
IGNORED = (signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ)  # by the zygote; what is ignored stays so in what is executed
CANNOT_START = 126


def start(channel: socket.socket, *, isolated: bool) -> int:
    """The process that runs what the platform wants; ends this one if the platform leaves before it said."""
    wanted = first_frame(channel)
    pid = os.fork()
    if pid == 0:
        execute(wanted, isolated=isolated)
    return pid


def first_frame(channel: socket.socket) -> dict[str, Any]:
    """Exactly the frame and no more: requests for sockets may follow at once."""
    header_length, _ = PREFIX.unpack(exactly(channel, PREFIX.size))
    wanted: dict[str, Any] = json.loads(exactly(channel, header_length))
    return wanted


def exactly(channel: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = channel.recv(size - len(data))
        if not piece:
            os._exit(0)
        data += piece
    return data


def execute(wanted: dict[str, Any], *, isolated: bool) -> None:
    """Never returns."""
    command: list[str] = wanted["command"]
    try:
        if not isolated:
            kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        for number in IGNORED:
            signal.signal(number, signal.SIG_DFL)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.chdir(wanted["folder"])
        os.execvpe(command[0], command, wanted["environment"])  # noqa: S606 - no shell is wanted
    except OSError as error:
        print(f"Failed to start function instance. {command[0]}: {error.strerror}.", file=sys.stderr, flush=True)  # noqa: T201 - the log
    finally:
        os._exit(CANNOT_START)


def hand_out(channel: socket.socket) -> bool:
    """False when the platform is gone."""
    asked = channel.recv(SOCKETS_AT_ONCE)
    for _ in asked:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            socket.send_fds(channel, [b"!"], [sock.fileno()])
    return bool(asked)
