"""The sandbox from inside: own mounts, network, names and user, built by the process that will live in it.

It is built while this process is still the platform's user on the outside, who may look into the platform's folders;
only then it becomes the sandbox's user.
"""

import os
import socket
from typing import Any

from liuyun.compute.bootstrap import kernel, routes

DEVICES = ("null", "zero", "full", "random", "urandom")
SHARED_MEMORY_BYTES = 64 * 1024 * 1024
# What anybody may read in /proc and what tells of the machine and its other users. (The rest is the kernel's to refuse:
# a sandbox's user is never root outside.)
TELLTALE = (
    "acpi", "asound", "bus", "cmdline", "config.gz", "diskstats", "interrupts", "irq", "kallsyms", "key-users", "keys",
    "locks", "modules", "partitions", "scsi", "sched_debug", "sysrq-trigger", "timer_list",
)  # fmt: skip
HIDDEN = {name: os.path.isdir(f"/proc/{name}") for name in TELLTALE if os.path.exists(f"/proc/{name}")}  # noqa: PTH110, PTH112
BACKLOG = 128
BYTES_PER_FILE, LEAST_FILES = 4096, 1024


def enter(spec: dict[str, Any], user: int) -> list[socket.socket]:
    """Raises OSError saying which step failed. The sockets it listens on keep their place in this network namespace."""
    kernel.unshare(
        kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS | kernel.CLONE_NEWCGROUP
    )
    root: str = spec["root"]
    bind_all(root, spec["binds"])
    mount_private(user, spec["tmp_bytes"])
    kernel.pivot_root()
    os.chdir("/code")
    kernel.set_hostname(spec["hostname"])
    kernel.raise_loopback()
    if spec["denied"]:
        routes.prohibit(spec["denied"])
    return [listen(port) for port in spec["ports"]]


def become(user: int) -> None:
    """The sandbox's user, in the eyes of the machine outside too."""
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # else its own /proc/self would be closed to it


def bind_all(root: str, binds: list[list[str]]) -> None:
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.bind(root, root)
    for source, target in binds:
        kernel.bind(source, root + target)
    kernel.seal(root)
    for device in DEVICES:
        kernel.bind(f"/dev/{device}", f"{root}/dev/{device}")
    os.chdir(root)  # the sandbox's user may not walk there


def mount_private(user: int, tmp_bytes: int) -> None:
    flags = kernel.MS_NOSUID | kernel.MS_NODEV
    owner = f"uid={user},gid={user}"
    for name, target, size in (("tmp", "tmp", tmp_bytes), ("shm", "dev/shm", SHARED_MEMORY_BYTES)):
        files = max(LEAST_FILES, size // BYTES_PER_FILE)  # empty ones cost memory too
        kernel.mount(name, target, "tmpfs", flags, f"mode=1777,size={size},nr_inodes={files},{owner}")
    # Read-only as a whole, so that nothing of the kernel can be set, whoever owns it.
    kernel.mount("proc", "proc", "proc", flags | kernel.MS_NOEXEC | kernel.MS_RDONLY)
    for name, is_folder in HIDDEN.items():
        kernel.mount("mnt" if is_folder else "dev/null", f"proc/{name}", flags=kernel.MS_BIND)


def listen(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    sock.listen(BACKLOG)
    return sock
