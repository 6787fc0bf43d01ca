"""Linux system calls that the standard library doesn't offer on every version this runs on."""

import ctypes
import fcntl
import os
import platform
import signal
import socket
import struct

CLONE_NEWNS = 0x0002_0000
CLONE_NEWCGROUP = 0x0200_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 1, 2, 4

SYS_CLONE3, SYS_MOUNT_SETATTR = 435, 442  # the same on every architecture
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "loongarch64": 41, "ppc64le": 203, "s390x": 217}
AT_FDCWD, AT_RECURSIVE = -100, 0x8000

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
CAPABILITY_VERSION_3 = 0x2008_0522

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1

libc = ctypes.CDLL(None, use_errno=True)
with_gil = ctypes.PyDLL(None, use_errno=True)  # a clone must not let go of the interpreter's lock


def check(result: int, what: str) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
    return result


def fork_into(namespaces: int) -> int:
    """`os.fork` whose child is the first process of new namespaces; 0 in the child, its process id in the parent."""
    arguments = ctypes.create_string_buffer(struct.pack("=11Q", namespaces, 0, 0, 0, signal.SIGCHLD, *[0] * 6))
    ctypes.pythonapi.PyOS_BeforeFork()
    pid = with_gil.syscall(SYS_CLONE3, arguments, ctypes.c_size_t(88))
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
        return 0
    error = ctypes.get_errno()
    ctypes.pythonapi.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(error, f"clone3: {os.strerror(error)}")
    return pid


def unshare(namespaces: int) -> None:
    check(libc.unshare(namespaces), "unshare")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    result = libc.mount(
        source.encode(), target.encode(), kind.encode() or None, ctypes.c_ulong(flags), options.encode() or None
    )
    check(result, f"mount {source} at {target}")


def bind(source: str, target: str) -> None:
    """With all that is mounted below: a part of what another namespace owns can't be taken alone."""
    mount(source, target, flags=MS_BIND | MS_REC)


def seal(target: str) -> None:
    """Makes `target` and all mounts below read-only, without device files and set-user-id programs."""
    attributes = struct.pack("=4Q", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, 0, 0, 0)
    result = libc.syscall(SYS_MOUNT_SETATTR, AT_FDCWD, target.encode(), AT_RECURSIVE, attributes, ctypes.c_size_t(32))
    check(result, f"make {target} read-only (needs Linux 5.12)")


def unmount(target: str) -> None:
    """With all that is mounted below, whoever still uses it."""
    check(libc.umount2(target.encode(), MNT_DETACH), f"umount {target}")


def pivot_root() -> None:
    """Makes the working directory, which must be a mount, the root and lets go of the old one."""
    number = SYS_PIVOT_ROOT.get(platform.machine())
    if number is None:
        raise OSError(f"sandboxes are not known to work on {platform.machine()}")
    check(libc.syscall(number, b".", b"."), "pivot_root")
    unmount(".")  # the old root
    os.chdir("/")


def prctl(option: int, value: int = 0, more: int = 0) -> None:
    arguments = (ctypes.c_ulong(each) for each in (value, more, 0, 0))
    check(libc.prctl(option, *arguments), f"prctl {option}")


def drop_capabilities() -> None:
    """For good: none are left, none can be had by executing anything."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    for capability in range(64):
        if libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), *[ctypes.c_ulong(0)] * 3) < 0:
            break  # past the last one that this kernel has
    check(libc.capset(struct.pack("=Ii", CAPABILITY_VERSION_3, 0), bytes(24)), "capset")


def set_hostname(name: str) -> None:
    socket.sethostname(name)


def raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = fcntl.ioctl(sock, SIOCGIFFLAGS, struct.pack("16sH14x", b"lo", 0))
        (flags,) = struct.unpack_from("H", request, 16)
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))
