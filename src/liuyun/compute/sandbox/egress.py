"""Where functions may connect to: the operator's policy, and connections that keep to it.

A name is resolved here, its addresses are judged, and the connection goes to an address that passed: a name that
resolves differently a moment later gains nothing.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from liuyun.errors import EgressDenied, Invalid, Unavailable
from liuyun.settings import Egress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
CONNECT_S = 10
DISCARD = 9  # a port that nothing is sent to
HOST_CHARACTERS = 253
METADATA = frozenset(ipaddress.ip_address(text) for text in ("169.254.169.254", "100.100.100.200", "fd00:ec2::254"))
SHARED = ipaddress.ip_network("100.64.0.0/10")  # carriers' and clouds' inner addresses
NAT64 = ipaddress.ip_network("64:ff9b::/96")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf a connection is made; for the log, and for what its service may do."""

    account_id: str
    service: str
    function: str
    instance_id: str
    internet_access: bool = True
    requests: Callable[[], Sequence[str]] = tuple  # ids of those that are running
    tell: Callable[[str], object] = str  # puts a line into their log; by default nowhere


@dataclass(frozen=True, slots=True)
class Destination:
    host: str
    port: int
    named_by_operator: bool = False


class EgressPolicy:
    def __init__(self, egress: Egress) -> None:
        """Raises Invalid, naming the entry of the settings that can't be read."""
        self._internet = egress.internet
        self._hosts = {name.lower(): split_port(target, 80) for name, target in egress.hosts.items()}
        self._allow = [Allowance.read(entry) for entry in egress.allow]
        for entry in egress.packages:  # for another policy, but it is better to know at the start
            Allowance.read(entry)

    @property
    def names(self) -> tuple[str, ...]:
        """The operator's own host names."""
        return tuple(self._hosts)

    def destination(self, host: str, port: int) -> Destination:
        if target := self._hosts.get(host.lower().rstrip(".")):
            return Destination(*target, named_by_operator=True)
        return Destination(host, port)

    def objection(
        self, destination: Destination, address: Address, *, internet_access: bool, ours: bool = False
    ) -> str | None:
        """Why this connection may not be made; None if it may. `ours` are addresses of this machine itself."""
        if destination.named_by_operator or any(rule.covers(destination, address) for rule in self._allow):
            return None
        if (reason := inner(address)) is not None:
            return f"{address} is a {reason} address; the operator can allow it under [egress] allow or hosts"
        if ours:
            return f"{address} is this machine; the operator can allow it under [egress] allow or hosts"
        if not self._internet:
            return "the operator has switched internet access off ([egress] internet)"
        return None if internet_access else "the function's service has no internet access (internetAccess)"


def for_packages(egress: Egress, hosts: Sequence[str]) -> Egress:
    """Where packages may be fetched from: the indexes, and what the operator allows besides. Nothing else."""
    return Egress(internet=False, allow=(*hosts, *egress.packages))


@dataclass(frozen=True, slots=True)
class Allowance:
    """One entry of `[egress] allow`: a host name, an address or a network, with or without a port (0: any)."""

    name: str
    network: ipaddress.IPv4Network | ipaddress.IPv6Network | None
    port: int

    @classmethod
    def read(cls, entry: str) -> "Allowance":
        host, port = split_port(entry, 0)
        try:
            return cls("", ipaddress.ip_network(host, strict=False), port)
        except ValueError:
            return cls(host.lower(), None, port)

    def covers(self, destination: Destination, address: Address) -> bool:
        if self.port not in {0, destination.port}:
            return False
        if self.network is not None:
            return address.version == self.network.version and address in self.network
        return destination.host.lower() == self.name


def inner(address: Address) -> str | None:
    """What kind of inner address this is; None for a public one."""
    if isinstance(address, ipaddress.IPv6Address):
        embedded = address.ipv4_mapped or address.sixtofour
        if embedded is None and address in NAT64:
            embedded = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if embedded is not None:
            return inner(embedded)
    kinds = (
        ("metadata", address in METADATA),
        ("loopback", address.is_loopback),
        ("link-local", address.is_link_local),
        ("multicast", address.is_multicast),
        ("private", address.is_private or (address.version == SHARED.version and address in SHARED)),
        ("reserved", not address.is_global or address.is_reserved or address.is_unspecified),
    )
    return next((kind for kind, applies in kinds if applies), None)


async def choose(policy: EgressPolicy, caller: Caller, host: str, port: int) -> tuple[str, int]:
    """An address and port that this caller may connect to for `host`. Raises EgressDenied or Unavailable."""
    destination = policy.destination(host, port)
    note = log.bind(
        function=f"{caller.service}/{caller.function}", instance=caller.instance_id, requests=list(caller.requests()),
        host=host[:HOST_CHARACTERS], port=port,
    )  # fmt: skip
    objection = "it has no address"
    for address in await resolve(destination):
        access = caller.internet_access
        objection = policy.objection(destination, address, internet_access=access, ours=is_ours(address))
        if objection is None:
            note.info("egress", address=str(address))
            return str(address), destination.port
    note.warning("egress denied", reason=objection)
    refusal = f"Connecting to {host[:HOST_CHARACTERS]} port {port} is not allowed: {objection}."
    caller.tell(refusal)
    raise EgressDenied(refusal)


def is_ours(address: Address) -> bool:
    """Whether it is an address of this machine: then the kernel would send from that same address."""
    family = socket.AF_INET if address.version == SHARED.version else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect((str(address), DISCARD))  # sends nothing
        except OSError:
            return False
        return str(sock.getsockname()[0]) == str(address)


async def resolve(destination: Destination) -> list[Address]:
    try:
        async with asyncio.timeout(CONNECT_S):
            found = await asyncio.get_running_loop().getaddrinfo(
                destination.host, destination.port, type=socket.SOCK_STREAM
            )
    except (OSError, UnicodeError, TimeoutError):
        raise Unavailable(
            "host_unresolved", "The host name {host} can't be resolved.", host=destination.host[:HOST_CHARACTERS]
        ) from None
    return list(dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


def split_port(text: str, default: int) -> tuple[str, int]:
    """`host`, `host:port`, `[v6]:port`, `v6`, with a network's /length. Raises Invalid."""
    host, port = text, ""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if not host or (port and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536)):
        raise Invalid(f"'{text[:300]}' is not a host with or without a port.")
    return host, int(port) if port else default
