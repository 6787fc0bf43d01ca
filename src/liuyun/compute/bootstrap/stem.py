"""A stem cell from inside: a sandbox that stands before anybody knows whose code it will run, and gets it last.

    init ──fork──> keeper   still the platform's user outside, with rights over this sandbox's mounts
      └───fork──> worker    the sandbox's user, without rights; waits for its first frame

The stores of all code are mounted where only the keeper may look: the worker runs nothing of a customer's yet. One
order tells the keeper what to show; it mounts that, takes the stores away, answers and ends. What is left is a sandbox
like any other: the kernel has no path from it to the stores, and no process in it has the right to make one.

The platform sends the worker its first frame only after the keeper is gone: init holds on to the socket for orders
until it has buried the keeper, so that the platform sees it close then and not before.
"""

import json
import os
import resource
import socket
from typing import Any

from liuyun.compute.bootstrap import kernel

STORES = "/var/fc/stores"
ORDER_BYTES = 64 * 1024
ORDERS = 3  # the keeper's only descriptor beside the standard ones


class Keeper:
    """As init sees it. `orders` is the descriptor of the socket that the order comes by."""

    def __init__(self, orders: int) -> None:
        self._orders = orders
        self._pid = 0

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

    def let_go(self) -> None:
        if self._orders >= 0:
            os.close(self._orders)
            self._orders = -1

    def wait(self) -> None:
        """For an init that has nothing else to do until there is code."""
        if self._pid:
            os.waitpid(self._pid, 0)
            self.let_go()

    def buried(self, pid: int) -> None:
        if pid == self._pid:
            self.let_go()


def obey(orders: socket.socket) -> None:
    """Carries out the one order that there is, or goes away without one. Never returns."""
    packet = orders.recv(ORDER_BYTES)
    if packet:
        try:
            show(json.loads(packet))
            answer = {}
        except OSError as error:
            answer = {"error": str(error)}
        orders.sendall(json.dumps(answer).encode())
    os._exit(0)


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
