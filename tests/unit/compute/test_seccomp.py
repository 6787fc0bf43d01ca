"""The filter on system calls, as data: what it answers to each call, tried on a small machine of our own."""

import errno
import struct

import pytest

from liuyun.compute.bootstrap import kernel, seccomp
from liuyun.compute.bootstrap.system_calls import ALLOWED, HIGHEST, LOOKED_AT, numbers

X86, ARM = "x86_64", "aarch64"
DANGEROUS = {  # by their numbers on both kinds of machine
    "ptrace": (101, 117), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "bpf": (321, 280), "kexec_load": (246, 104), "init_module": (175, 105), "keyctl": (250, 219), "add_key": (248, 217),
    "userfaultfd": (323, 282), "perf_event_open": (298, 241), "unshare": (272, 97), "setns": (308, 268),
    "io_uring_setup": (425, 425), "process_vm_readv": (310, 270), "pidfd_getfd": (438, 438), "sethostname": (170, 161),
    "clock_settime": (227, 112), "open_by_handle_at": (304, 265), "syslog": (103, 116), "mount_setattr": (442, 442),
}  # fmt: skip


def answer(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    """What the program returns for one call."""
    code = seccomp.program(machine)
    asked = seccomp.AUDIT[machine] if architecture is None else architecture
    data = struct.pack("=IIQ6Q", number, asked, 0, *(*arguments, *[0] * 6)[:6])
    at = loaded = 0
    while True:
        what, then, otherwise, operand = code[at]
        at += 1
        match what:
            case seccomp.LOAD:
                (loaded,) = struct.unpack_from("=I", data, operand)
            case seccomp.AND:
                loaded &= operand
            case seccomp.RETURN:
                return operand
            case _:
                at += then if holds(what, loaded, operand) else otherwise


def holds(test: int, loaded: int, operand: int) -> bool:
    return {
        seccomp.JUMP_EQUAL: loaded == operand,
        seccomp.JUMP_GREATER_OR_EQUAL: loaded >= operand,
        seccomp.JUMP_ANY_BIT: bool(loaded & operand),
    }[test]


def refused(reason: int) -> int:
    return seccomp.ERRNO | reason


@pytest.mark.parametrize("machine", [X86, ARM])
def test_the_list_is_what_is_allowed(machine: str):
    """Each number gets the verdict of the list, and nothing else gets through."""
    column = (X86, ARM).index(machine)
    allowed = set(numbers(ALLOWED, column).values())
    looked_at = set(numbers(LOOKED_AT, column).values())
    for number in set(range(HIGHEST + 1)) - looked_at:
        expected = seccomp.ALLOW if number in allowed else refused(errno.EPERM)
        assert answer(machine, number) == expected, number


@pytest.mark.parametrize("machine", [X86, ARM])
def test_no_number_stands_twice(machine: str):
    """A slip in the table would allow one call and forget another."""
    table = numbers(f"{ALLOWED} {LOOKED_AT}", (X86, ARM).index(machine))
    assert len(set(table.values())) == len(table)


@pytest.mark.parametrize("name", DANGEROUS)
def test_dangerous_calls_are_refused(name: str):
    """By their own numbers, whatever the list looks like."""
    for machine, number in zip((X86, ARM), DANGEROUS[name], strict=True):
        assert answer(machine, number) == refused(errno.EPERM)


@pytest.mark.parametrize("machine", [X86, ARM])
def test_calls_that_are_newer_than_the_list_are_not_there(machine: str):
    """So that a newer C library falls back to what is."""
    assert answer(machine, HIGHEST + 1) == answer(machine, 9999) == refused(errno.ENOSYS)


def test_calls_of_another_architecture_end_the_process():
    """Their numbers mean something else: 32-bit calls, and x32 on x86_64."""
    i386 = 0x4000_0003
    assert answer(X86, 1, architecture=i386) == seccomp.KILL_PROCESS
    assert answer(X86, seccomp.X32 + 1) == seccomp.KILL_PROCESS
    assert answer(ARM, 1, architecture=seccomp.AUDIT[X86]) == seccomp.KILL_PROCESS


def test_clone_makes_processes_and_threads_but_no_namespaces():
    """And clone3, whose flags lie in memory, isn't there."""
    threads, process = 0x3D_0F00, 17
    for machine, clone in ((X86, 56), (ARM, 220)):
        assert answer(machine, clone, threads) == answer(machine, clone, process) == seccomp.ALLOW
        for namespace in (kernel.CLONE_NEWUSER, kernel.CLONE_NEWNET, kernel.CLONE_NEWPID, kernel.CLONE_NEWNS):
            assert answer(machine, clone, process | namespace) == refused(errno.EPERM)
        assert answer(machine, 435) == refused(errno.ENOSYS)


@pytest.mark.parametrize(
    ("family", "kind", "protocol", "expected"),
    [
        (1, 1, 0, seccomp.ALLOW),  # Unix
        (2, 1 | 0x80800, 6, seccomp.ALLOW),  # TCP, non-blocking, closed on exec
        (10, 2, 0, seccomp.ALLOW),  # UDP
        (2, 3, 1, refused(errno.EPERM)),  # raw
        (2, 1, 262, refused(errno.EPROTONOSUPPORT)),  # MPTCP
        (16, 3, 0, seccomp.ALLOW),  # netlink: interfaces
        (16, 3, 12, refused(errno.EPROTONOSUPPORT)),  # netlink: netfilter
        (17, 3, 768, refused(errno.EAFNOSUPPORT)),  # packets
        (40, 1, 0, refused(errno.EAFNOSUPPORT)),  # vsock, to the machine's own host
        (38, 5, 0, refused(errno.EAFNOSUPPORT)),  # the kernel's ciphers
    ],
)
def test_only_ordinary_sockets_are_made(family: int, kind: int, protocol: int, expected: int):
    """Others are seldom needed and often the way in."""
    assert answer(X86, 41, family, kind, protocol) == expected


def test_a_terminal_can_not_be_typed_into():
    """TIOCSTI would put commands into the shell of whoever has the terminal; other requests pass."""
    assert answer(X86, 16, 0, 0x5412) == refused(errno.EPERM)
    assert answer(X86, 16, 0, 0x5401) == seccomp.ALLOW


def test_the_address_space_stays_random():
    """`personality` may only ask, or set what is set anyway."""
    assert answer(X86, 135, 0xFFFF_FFFF) == seccomp.ALLOW
    assert answer(X86, 135, 0x004_0000) == refused(errno.EPERM)


def test_an_unknown_machine_is_refused():
    """Rather than run without a filter."""
    with pytest.raises(OSError, match="s390x"):
        seccomp.program("s390x")


def test_it_is_small_enough_for_the_kernel():
    """4096 instructions are the most."""
    assert len(seccomp.encode(seccomp.program(X86))) <= 4096 * 8
