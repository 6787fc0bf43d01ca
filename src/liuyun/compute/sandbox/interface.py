"""A real network interface for a sandbox (`[egress] mode = "full"`), by slirp4netns: TCP, UDP and names, no proxy.

The program stands outside, in the machine's network, and speaks for the sandbox there as any program of its user would.
What may not be reached is denied inside, by routes that lead nowhere (`bootstrap/routes.py`): they are there before the
interface is, and stay.
"""

import asyncio
import contextlib
import os
import shutil
from collections import deque
from collections.abc import Sequence
from ipaddress import IPv4Network, ip_address
from pathlib import Path

from liuyun.errors import Invalid, Unavailable

TOOL = "slirp4netns"
OWN = "198.18.250.0/24"  # for tests of networks only (RFC 2544): nobody's real addresses are hidden behind it
RESOLVER = "198.18.250.3"
INNER = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4",
)  # fmt: skip
READY_S, KILL_S = 10, 5
SAID_LINES = 3
ADVICE = (
    '[egress] mode = "full" needs slirp4netns (Debian, Ubuntu and Fedora: the package slirp4netns) and /dev/net/tun; '
    'mode = "proxy" needs neither.'
)


class Interface:
    """It goes when `close` is called, and when the platform does: `lifeline` is the only end that keeps it."""

    def __init__(self, process: asyncio.subprocess.Process, lifeline: int) -> None:
        self._process = process
        self._lifeline = lifeline
        self._said: deque[str] = deque(maxlen=SAID_LINES)
        self._listening = asyncio.ensure_future(self._listen())

    async def close(self) -> str:
        """What it said last."""
        os.close(self._lifeline)
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        gone = asyncio.ensure_future(self._process.wait())
        await asyncio.wait({gone, self._listening}, timeout=KILL_S)
        gone.cancel()
        self._listening.cancel()
        return " ".join(self._said)

    async def _listen(self) -> None:
        assert self._process.stderr is not None, "it was asked for"
        async for line in self._process.stderr:
            self._said.append(line.decode("utf-8", "replace").strip())


def missing() -> str:
    """What this machine lacks for it; empty if nothing."""
    lacking = [] if shutil.which(TOOL) else [f"{TOOL} is not installed"]
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        lacking.append("/dev/net/tun can't be used")
    return " and ".join(lacking)


def denied(allow: Sequence[str], own: Sequence[str] = ()) -> tuple[str, ...]:
    """Inner networks and `own` addresses of this machine, but for the networks that the operator allows.

    Names and ports in `allow` say nothing here: a route knows neither.
    """
    networks = [IPv4Network(text) for text in (*INNER, *(f"{address}/32" for address in own))]
    for entry in allow:
        with contextlib.suppress(ValueError, Invalid):
            networks = list(without(networks, IPv4Network(entry, strict=False)))
    return tuple(str(network) for network in dict.fromkeys(networks))


def without(networks: Sequence[IPv4Network], hole: IPv4Network) -> Sequence[IPv4Network]:
    left: list[IPv4Network] = []
    for network in networks:
        if hole.supernet_of(network):
            continue
        left += network.address_exclude(hole) if network.supernet_of(hole) else [network]
    return left


def machines_addresses(table: Path = Path("/proc/net/fib_trie")) -> tuple[str, ...]:
    """The machine's own IPv4 addresses: what listens on them is the machine's, wherever else they are seen."""
    found: list[str] = []
    last = ""
    with contextlib.suppress(OSError):
        for line in table.read_text().splitlines():
            last = line.split("|--")[1].strip() if "|--" in line else last
            if "/32 host LOCAL" in line and not ip_address(last).is_loopback:
                found.append(last)
    return tuple(dict.fromkeys(found))


def command(pid: int, *, ready: int, lifeline: int, root: bool) -> list[str]:
    """Root may enter every network; others must first become who they are in the sandbox's user namespace."""
    users = [] if root else [f"--userns-path=/proc/{pid}/ns/user"]
    return [
        TOOL, "--configure", "--mtu=65520", f"--cidr={OWN}", "--disable-host-loopback", "--enable-seccomp",
        f"--ready-fd={ready}", f"--exit-fd={lifeline}", *users, str(pid), "tap0",
    ]  # fmt: skip


async def attach(pid: int) -> Interface:
    """Gives the network of a sandbox's first process an interface. Raises Unavailable."""
    if lacking := missing():
        raise Unavailable(
            "interface_lacking",
            "A function can't have a network interface: {lacking}. {advice}",
            lacking=lacking,
            advice=ADVICE,
        )
    (tells, ready), (lives, lifeline) = os.pipe(), os.pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            *command(pid, ready=ready, lifeline=lives, root=os.getuid() == 0),
            pass_fds=[ready, lives],
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
    except OSError as error:
        os.close(tells)
        os.close(lifeline)
        raise Unavailable(
            "tool_not_started",
            "{tool} can't be started: {detail}. {advice}",
            tool=TOOL,
            detail=error.strerror,
            advice=ADVICE,
        ) from None
    except BaseException:
        os.close(tells)
        os.close(lifeline)
        raise
    finally:
        os.close(ready)
        os.close(lives)
    interface = Interface(process, lifeline)
    if not await told(tells):
        said = await interface.close()
        raise Unavailable(
            "interface_not_made",
            "A function's network interface can't be made: {detail}. {advice}",
            detail=said or "no answer in time",
            advice=ADVICE,
        )
    return interface


async def told(descriptor: int) -> bool:
    """Whether the other end writes before it closes, in time. Closes this end."""
    loop = asyncio.get_running_loop()
    readable = loop.create_future()
    loop.add_reader(descriptor, lambda: readable.done() or readable.set_result(None))
    try:
        async with asyncio.timeout(READY_S):
            await readable
        return bool(os.read(descriptor, 1))
    except TimeoutError:
        return False
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
