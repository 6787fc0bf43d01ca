"""A stem cell from inside: a sandbox that stands before anybody knows whose code it will run, and gets it last.

    init                still the platform's user outside, with rights over this sandbox's mounts
      └───fork──> worker    the sandbox's user, without rights; waits for its first frame

The stores of all code are mounted where only init may look: the worker runs nothing of a customer's yet. One order
tells init what to show; it mounts that, takes the stores away, and gives up its rights. What is left is a sandbox like
any other: the kernel has no path from it to the stores, and no process in it has the right to make one.

Nothing of the function's begins before that. The platform gets init's answer then and not before. A Python worker has
its first frame by then, and has made ready what needs no code; it goes on when init tells it to, through a pipe.
"""

import contextlib
import json
import os
import resource
import socket
from collections.abc import Callable
from typing import Any

from liuyun.compute.bootstrap import kernel

STORES = "/var/fc/stores"
ORDER_BYTES = 64 * 1024
SHOWN = b"!"


class Stem:
    """As init and the worker see it. `orders` is the descriptor of the socket that the order comes by."""

    def __init__(self, orders: int, give_up_rights: Callable[[], None]) -> None:
        self.orders = orders
        self._give_up_rights = give_up_rights
        self._waits, self._tells = os.pipe()  # the worker's end, init's

    def become_worker(self) -> None:
        """Raises OSError."""
        os.close(self.orders)
        os.close(self._tells)
        self._give_up_rights()

    def has_code(self) -> bool:
        """Waits until init has obeyed; whether it could."""
        shown = os.read(self._waits, 1) == SHOWN
        os.close(self._waits)
        return shown

    def obey(self) -> bool:
        """Carries out the one order that there is. False if none came, for then nobody wants this sandbox.

        Raises OSError if rights are left.
        """
        orders = socket.socket(fileno=self.orders)
        packet = orders.recv(ORDER_BYTES)
        if not packet:
            return False
        answer = {}
        try:
            show(json.loads(packet))
        except OSError as error:
            answer = {"error": str(error)}
        self._give_up_rights()
        if not answer:
            with contextlib.suppress(BrokenPipeError):  # a program doesn't wait
                os.write(self._tells, SHOWN)
        for descriptor in (self._waits, self._tells):
            os.close(descriptor)
        with contextlib.suppress(BrokenPipeError):  # the platform is gone: the lifeline says so
            orders.send(json.dumps(answer).encode())
        orders.close()
        return True


def show(order: dict[str, Any]) -> None:
    """`binds` are paths below STORES and where they are to be seen, `stores` what is taken away."""
    for source, target in order["binds"]:
        kernel.bind(f"{STORES}/{source}", target)
        kernel.seal(target)
    for store in order["stores"]:
        kernel.unmount(f"{STORES}/{store}")
    if order["data_bytes"]:
        for pid in processes():
            resource.prlimit(pid, resource.RLIMIT_DATA, (order["data_bytes"], order["data_bytes"]))


def processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208


def rehearse() -> None:
    """Once what `show` does, where it changes nothing, for the reason that `rehearsal.py` gives."""
    show(json.loads('{"binds": [], "stores": [], "data_bytes": 0}'))
    kernel.bind("/mnt", "/mnt")
    kernel.seal("/mnt")
    kernel.unmount("/mnt")
