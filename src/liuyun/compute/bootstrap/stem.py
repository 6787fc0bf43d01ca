"""A stem cell from inside: a sandbox that stands before anybody knows whose code it will run, and gets it last.

    init ──fork──> keeper   still the platform's user outside, with rights over this sandbox's mounts
      └───fork──> worker    the sandbox's user, without rights; waits for its first frame

The stores of all code are mounted where only the keeper may look: the worker runs nothing of a customer's yet. One
order tells the keeper what to show; it mounts that, takes the stores away, answers and ends. What is left is a sandbox
like any other: the kernel has no path from it to the stores, and no process in it has the right to make one.

Nothing of the function's begins before the keeper is gone. Init holds on to the socket for orders until it has buried
the keeper, so that the platform sees it close then and not before; a Python worker, which has its first frame by then
and has made ready what needs no code, goes on only when init tells it to, by a byte in a pipe.
"""

import contextlib
import json
import os
import resource
import socket
from typing import Any

from liuyun.compute.bootstrap import kernel

STORES = "/var/fc/stores"
ORDER_BYTES = 64 * 1024
SHOWN = b"!"
ORDERS = 3  # the keeper's only descriptor beside the standard ones


class Keeper:
    """As init and the worker see it. `orders` is the descriptor of the socket that the order comes by."""

    def __init__(self, orders: int) -> None:
        self._orders = orders
        self._pid = 0
        self._waits = self._tells = -1  # the pipe's ends: the worker's, init's

    def fork(self) -> None:
        """To be called with the stores mounted, before init becomes the sandbox's user."""
        self._pid = os.fork()
        if self._pid == 0:
            try:
                os.dup2(self._orders, ORDERS)
                os.closerange(ORDERS + 1, os.sysconf("SC_OPEN_MAX"))
                obey(socket.socket(fileno=ORDERS))
            finally:
                os._exit(70)
        self._waits, self._tells = os.pipe()

    def let_go(self) -> None:
        """For those who neither wait for the keeper nor bury it."""
        for descriptor in (self._orders, self._waits, self._tells):
            if descriptor >= 0:
                os.close(descriptor)
        self._orders = self._waits = self._tells = -1

    def become_waiting(self) -> None:
        """For the worker, whom init tells of the keeper's end."""
        waits, self._waits = self._waits, -1
        self.let_go()
        self._waits = waits

    def has_shown(self) -> bool:
        """Whether the code is in place; waits until the keeper is buried, if there is one."""
        shown = self._waits < 0 or os.read(self._waits, 1) == SHOWN
        self.let_go()
        return shown

    def wait(self) -> None:
        """For an init that has nothing else to do until there is code."""
        if self._pid:
            os.waitpid(self._pid, 0)
            self.let_go()

    def buried(self, pid: int, code: int) -> None:
        if pid == self._pid:
            if code == 0 and self._tells >= 0:
                with contextlib.suppress(BrokenPipeError):  # the worker is gone, or doesn't wait
                    os.write(self._tells, SHOWN)
            self.let_go()


def obey(orders: socket.socket) -> None:
    """Carries out the one order that there is, or goes away without one. Never returns."""
    rehearse()
    packet = orders.recv(ORDER_BYTES)
    code = 0
    if packet:
        try:
            show(json.loads(packet))
            answer = {}
        except OSError as error:
            answer, code = {"error": str(error)}, 1
        orders.sendall(json.dumps(answer).encode())
    os._exit(code)


def rehearse() -> None:
    """Once what `show` does, at a place where it changes nothing: so the memory that it writes to is copied by now."""
    show(json.loads('{"binds": [], "stores": [], "data_bytes": 0}'))
    kernel.bind("mnt", "mnt")
    kernel.seal("mnt")
    kernel.unmount("mnt")


def show(order: dict[str, Any]) -> None:
    """`binds` are paths below STORES and where they are to be seen, `stores` what is taken away."""
    for source, target in order["binds"]:
        kernel.bind(f"{STORES}/{source}", target)
        kernel.seal(target)
    for store in order["stores"]:
        kernel.unmount(f"{STORES}/{store}")
    if order["data_bytes"]:
        for pid in neighbours():
            resource.prlimit(pid, resource.RLIMIT_DATA, (order["data_bytes"], order["data_bytes"]))


def neighbours() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]  # noqa: PTH208
