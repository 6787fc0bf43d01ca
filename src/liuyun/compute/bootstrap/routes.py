"""Routes of a sandbox's own network that lead nowhere: what is denied stays so whatever interface it gets later.

They are asked of the kernel over netlink, as `ip route add prohibit` would; a function has no right to take them away.
"""

import os
import socket
import struct
from collections.abc import Sequence

RTM_NEWROUTE = 24
NLM_F_REQUEST, NLM_F_ACK, NLM_F_CREATE = 0x1, 0x4, 0x400
NLMSG_ERROR = 2
RT_TABLE_MAIN, RTPROT_STATIC, RT_SCOPE_UNIVERSE, RTN_PROHIBIT = 254, 4, 0, 8
RTA_DST = 1
HEADER, ROUTE, ATTRIBUTE = struct.Struct("=IHHII"), struct.Struct("=BBBBBBBBI"), struct.Struct("=HH")


def prohibit(networks: Sequence[str]) -> None:
    """`networks` as in `10.0.0.0/8`. Connecting there fails with EACCES. Raises OSError."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0) as sock:
        for number, network in enumerate(networks):
            sock.sendall(request(number, network))
            check(sock.recv(4096), network)


def request(number: int, network: str) -> bytes:
    address, _, length = network.partition("/")
    route = ROUTE.pack(
        socket.AF_INET, int(length), 0, 0, RT_TABLE_MAIN, RTPROT_STATIC, RT_SCOPE_UNIVERSE, RTN_PROHIBIT, 0
    )
    packed = socket.inet_aton(address)
    body = route + ATTRIBUTE.pack(ATTRIBUTE.size + len(packed), RTA_DST) + packed
    flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE
    return HEADER.pack(HEADER.size + len(body), RTM_NEWROUTE, flags, number, 0) + body


def check(answer: bytes, network: str) -> None:
    _, kind, *_ = HEADER.unpack_from(answer)
    (error,) = struct.unpack_from("=i", answer, HEADER.size)
    if kind == NLMSG_ERROR and error < 0:
        raise OSError(-error, f"deny {network}: {os.strerror(-error)}")
