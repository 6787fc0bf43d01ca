"""The filter on system calls that each sandbox loads last: a program for the kernel's classic BPF machine.

The program is data, built once in the zygote and inherited by every sandbox. It is a tree: the number of the call is
searched among ranges with one verdict each, so that the kernel, which asks it about every number when it is loaded,
gets through in a few steps. Verdicts:

- allowed, by the list in `system_calls.py`;
- refused with EPERM, as a program without rights expects it;
- ENOSYS for calls that are newer than the list, and for clone3, whose flags can't be looked at: the C library then
  takes the older call;
- the end of the process, for calls by the numbers of another architecture, by which a filter would be led astray.

Looked at more closely: `clone` may make no namespaces, `socket` only ordinary ones (Unix, TCP, UDP, and the netlink
that lists interfaces), `ioctl` may not type into a terminal, `personality` may not weaken the address space.
"""

import ctypes
import errno
import platform
import struct
from typing import NamedTuple

from liuyun.compute.bootstrap import kernel
from liuyun.compute.bootstrap.system_calls import ALLOWED, HIGHEST, LOOKED_AT, numbers

LOAD, AND, RETURN = 0x20, 0x54, 0x06
JUMP_EQUAL, JUMP_GREATER_OR_EQUAL, JUMP_ANY_BIT = 0x15, 0x35, 0x45
FARTHEST = 255  # a jump's reach

NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
KILL_PROCESS, ERRNO, ALLOW = 0x8000_0000, 0x0005_0000, 0x7FFF_0000

AUDIT = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7, "riscv64": 0xC000_00F3, "loongarch64": 0xC000_0102}
X32 = 0x4000_0000  # numbers from here on are x86_64's other way to call

AF_UNIX, AF_INET, AF_INET6, AF_NETLINK = 1, 2, 10, 16
SOCK_STREAM, SOCK_DGRAM, SOCK_KIND = 1, 2, 0xF
IPPROTO_TCP, IPPROTO_UDP, NETLINK_ROUTE = 6, 17, 0
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
PERSONALITIES = (0, 0x0008, 0x0002_0000, 0x0002_0008, 0xFFFF_FFFF)  # Linux as it is, with an old name; the last asks


class Instruction(NamedTuple):
    code: int
    then: int  # how far to jump if the test holds
    otherwise: int
    operand: int


Code = tuple[Instruction, ...]  # always ends in a verdict


def verdict(value: int) -> Code:
    return (Instruction(RETURN, 0, 0, value),)


def refuse(reason: int) -> Code:
    return verdict(ERRNO | reason)


def load(offset: int) -> Instruction:
    return Instruction(LOAD, 0, 0, offset)


def argument(index: int) -> Instruction:
    """The lower half: all that the kernel itself takes of the arguments that are looked at here."""
    return load(ARGUMENTS + 8 * index)


def switch(cases: dict[int, Code], otherwise: Code) -> Code:
    """By what was loaded last."""
    code: list[Instruction] = []
    for value, then in cases.items():
        code += [Instruction(JUMP_EQUAL, 0, len(then), value), *then]
    return (*code, *otherwise)


def socket_calls() -> Code:
    protocols = {number: verdict(ALLOW) for number in (0, IPPROTO_TCP, IPPROTO_UDP)}
    protocol = (argument(2), *switch(protocols, refuse(errno.EPROTONOSUPPORT)))
    kinds: dict[int, Code] = {SOCK_STREAM: protocol, SOCK_DGRAM: protocol}
    internet = (argument(1), Instruction(AND, 0, 0, SOCK_KIND), *switch(kinds, refuse(errno.EPERM)))
    netlink = (argument(2), *switch({NETLINK_ROUTE: verdict(ALLOW)}, refuse(errno.EPROTONOSUPPORT)))
    families = {AF_UNIX: verdict(ALLOW), AF_INET: internet, AF_INET6: internet, AF_NETLINK: netlink}
    return (argument(0), *switch(families, refuse(errno.EAFNOSUPPORT)))


def clone_calls() -> Code:
    namespaces = (
        kernel.CLONE_NEWNS | kernel.CLONE_NEWCGROUP | kernel.CLONE_NEWUTS | kernel.CLONE_NEWIPC
        | kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID | kernel.CLONE_NEWNET
    )  # fmt: skip
    refused = refuse(errno.EPERM)
    return (argument(0), Instruction(JUMP_ANY_BIT, 0, len(refused), namespaces), *refused, *verdict(ALLOW))


LOOKED_AT_MORE_CLOSELY = {
    "clone": clone_calls(),
    "clone3": refuse(errno.ENOSYS),
    "socket": socket_calls(),
    "ioctl": (argument(1), *switch(dict.fromkeys((TIOCSTI, TIOCLINUX), refuse(errno.EPERM)), verdict(ALLOW))),
    "personality": (argument(0), *switch(dict.fromkeys(PERSONALITIES, verdict(ALLOW)), refuse(errno.EPERM))),
}


def ranges(machine: str) -> list[tuple[int, Code]]:
    """The first number of each range, in order, and what is done about its calls."""
    column = 0 if machine == "x86_64" else 1
    known = dict.fromkeys(numbers(ALLOWED, column).values(), verdict(ALLOW))
    for name, number in numbers(LOOKED_AT, column).items():
        known[number] = LOOKED_AT_MORE_CLOSELY[name]
    found = [(number, known.get(number, refuse(errno.EPERM))) for number in range(HIGHEST + 1)]
    found.append((HIGHEST + 1, refuse(errno.ENOSYS)))
    if machine == "x86_64":
        found.append((X32, verdict(KILL_PROCESS)))
    return [each for before, each in zip([None, *found], found, strict=False) if before is None or before[1] != each[1]]


def search(steps: list[tuple[int, Code]]) -> Code:
    if len(steps) == 1:
        return steps[0][1]
    middle = len(steps) // 2
    below, above = search(steps[:middle]), search(steps[middle:])
    assert len(below) <= FARTHEST, "the tree is small"
    return (Instruction(JUMP_GREATER_OR_EQUAL, len(below), 0, steps[middle][0]), *below, *above)


def program(machine: str) -> Code:
    """Raises OSError for a machine whose numbers aren't known."""
    if machine not in AUDIT:
        raise OSError(f"sandboxes are not known to work on {machine}")
    native = Instruction(JUMP_EQUAL, 1, 0, AUDIT[machine])
    return (load(ARCHITECTURE), native, *verdict(KILL_PROCESS), load(NUMBER), *search(ranges(machine)))


def encode(code: Code) -> bytes:
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


class Filter:
    """A program in memory, as the kernel takes it."""

    def __init__(self, machine: str) -> None:
        code = program(machine)
        self._code = ctypes.create_string_buffer(encode(code))
        self._description = ctypes.create_string_buffer(struct.pack("@HP", len(code), ctypes.addressof(self._code)))
        self._address = ctypes.addressof(self._description)

    def load(self) -> None:
        """For this process and all that come from it, for good. It must have given up new privileges."""
        kernel.prctl(kernel.PR_SET_SECCOMP, kernel.SECCOMP_MODE_FILTER, self._address)


def load_filter() -> None:
    """Raises OSError."""
    if OWN is None:
        raise OSError(f"sandboxes are not known to work on {platform.machine()}")
    OWN.load()


OWN = Filter(platform.machine()) if platform.machine() in AUDIT else None
