"""A network interface of a sandbox: what its routes deny, and what is asked of the program that makes it."""

from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest

from liuyun.compute.bootstrap.routes import HEADER, request
from liuyun.compute.sandbox.interface import OWN, RESOLVER, command, denied, machines_addresses

TRIE = """Main:
  +-- 0.0.0.0/0 3 0 5
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.1
           /32 host LOCAL
     +-- 203.0.113.0/24 2 0 2
        |-- 203.0.113.0
           /24 link UNICAST
        |-- 203.0.113.7
           /32 host LOCAL
"""


def reached(address: str, *allow: str, own: tuple[str, ...] = ()) -> bool:
    return not any(IPv4Address(address) in IPv4Network(network) for network in denied(allow, own))


@pytest.mark.parametrize("address", ["10.0.0.1", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200"])
def test_inner_networks_are_denied(address: str):
    """Private, link-local and metadata addresses; the internet isn't."""
    assert not reached(address)
    assert reached("93.184.215.14")
    assert reached(RESOLVER)


def test_allowed_networks_are_left_out_of_what_is_denied():
    """Exactly they: their neighbours stay denied. Names and ports say nothing to a route."""
    allow = ("10.0.7.0/24", "192.168.0.9", "orders.internal", "10.9.9.9:5432", "::1")
    assert reached("10.0.7.1", *allow)
    assert reached("192.168.0.9", *allow)
    for address in ("10.0.6.255", "10.0.8.0", "192.168.0.8", "192.168.0.10", "10.9.9.9"):
        assert not reached(address, *allow)


def test_a_network_may_be_allowed_whole():
    """Also by one that holds it."""
    assert reached("10.1.2.3", "10.0.0.0/7")
    assert not reached("192.168.0.1", "10.0.0.0/7")


def test_the_machines_own_addresses_are_denied(tmp_path: Path):
    """What listens there would take a function for a program of the machine."""
    table = tmp_path / "fib_trie"
    table.write_text(TRIE)
    own = machines_addresses(table)
    assert own == ("203.0.113.7",)
    assert not reached("203.0.113.7", own=own)
    assert reached("203.0.113.8", own=own)
    assert machines_addresses(tmp_path / "none") == ()


def test_the_host_is_not_behind_the_gateway():
    """The program by itself would lead its gateway's address to the machine's loopback."""
    words = command(17, ready=3, lifeline=4, root=False)
    assert "--disable-host-loopback" in words
    assert f"--cidr={OWN}" in words
    assert words[-3:] == ["--userns-path=/proc/17/ns/user", "17", "tap0"]
    assert "--userns-path=/proc/17/ns/user" not in command(17, ready=3, lifeline=4, root=True)


def test_a_route_is_asked_for_as_the_kernel_reads_it():
    """Length, kind, flags, sequence number; then family, length of the prefix, table, type, and the address."""
    message = request(5, "10.0.0.0/8")
    length, kind, flags, number, _ = HEADER.unpack_from(message)
    assert (length, kind, flags, number) == (len(message), 24, 0x405, 5)
    assert message[16:28] == bytes([2, 8, 0, 0, 254, 4, 0, 8, 0, 0, 0, 0])
    assert message[28:] == bytes([8, 0, 1, 0, 10, 0, 0, 0])
