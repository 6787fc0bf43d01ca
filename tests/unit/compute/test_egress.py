import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from liuyun.compute.sandbox.egress import Caller, EgressPolicy, choose, for_packages, inner, is_ours, split_port
from liuyun.compute.sandbox.names import is_vendor_host, vendor_hosts
from liuyun.errors import EgressDenied, Invalid, Unavailable
from liuyun.settings import Egress
from tests.conftest import run

CALLER = Caller("1", "shop", "pay", "i-1")


def ask(host: str, port: int = 80, *, internet_access: bool = True, **egress) -> tuple[str, int]:
    caller = Caller("1", "shop", "pay", "i-1", internet_access)
    return run(choose(EgressPolicy(Egress(**egress)), caller, host, port))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.100.100.200",
        "100.64.0.1", "0.0.0.0", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1", "fd00::1",
        "224.0.0.1", "2130706433", "0x7f.1",
    ],
)  # fmt: skip
def test_inner_addresses_are_denied(host: str):
    """No spelling of an inner address lets a function in."""
    with pytest.raises(EgressDenied, match="not allowed"):
        ask(host)


@pytest.mark.parametrize("host", ["93.184.215.14", "2606:4700::1111"])
def test_public_addresses_are_allowed(host: str):
    """The internet is open unless the operator or the service closes it."""
    assert ask(host, 443) == (host, 443)


def test_the_operator_can_switch_the_internet_off():
    """Without internet only what is allowed by name remains."""
    with pytest.raises(EgressDenied, match="internet"):
        ask("93.184.215.14", internet=False)
    assert ask("93.184.215.14", internet=False, allow=("93.184.215.0/24",)) == ("93.184.215.14", 80)


def test_a_service_without_internet_access_has_none():
    """internetAccess false on the service closes the way out, but not what the operator allows by name."""
    with pytest.raises(EgressDenied, match="internetAccess"):
        ask("93.184.215.14", internet_access=False)
    reached = ask("orders.internal", internet_access=False, hosts={"orders.internal": "127.0.0.1:7090"})
    assert reached == ("127.0.0.1", 7090)


@pytest.mark.parametrize("entry", ["127.0.0.1", "127.0.0.1:80", "127.0.0.0/8", "localhost"])
def test_allowed_inner_addresses_are_reached(entry: str):
    """An entry names a host, an address or a network, with or without a port."""
    assert ask("localhost" if entry == "localhost" else "127.0.0.1", allow=(entry,))[1] == 80


def test_an_allowance_holds_for_its_port_only():
    """Allowing one port opens no other."""
    with pytest.raises(EgressDenied):
        ask("127.0.0.1", 22, allow=("127.0.0.1:80",))


def test_the_operators_names_lead_where_they_say():
    """A name under hosts is reached at its target, whatever port was asked for."""
    assert ask("Orders.Internal", 80, hosts={"orders.internal": "127.0.0.1:7090"}) == ("127.0.0.1", 7090)


def test_an_unknown_name_is_said_to_be_unknown():
    """A name that can't be resolved is not called denied."""
    with pytest.raises(Unavailable, match="resolved"):
        ask("nowhere.invalid")


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("a", ("a", 80)),
        ("a:1", ("a", 1)),
        ("[::1]:2", ("::1", 2)),
        ("::1", ("::1", 80)),
        ("10.0.0.0/8", ("10.0.0.0/8", 80)),
    ],
)
def test_hosts_and_ports_are_told_apart(text: str, parsed: tuple[str, int]):
    """Names, addresses of both families and networks are understood."""
    assert split_port(text, 80) == parsed


@pytest.mark.parametrize("text", ["", ":80", "a:b", "a:0", "a:65536", "[::1]x", "a:-1"])
def test_a_host_that_is_none_is_refused(text: str):
    """The error quotes the text."""
    with pytest.raises(Invalid):
        split_port(text, 80)


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_alike(address: ipaddress.IPv4Address):
    """Wrapping an IPv4 address into IPv6 changes nothing about it."""
    for wrapped in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert (inner(ipaddress.ip_address(wrapped)) is None) == (inner(address) is None)


def test_vendor_names_mean_the_platform():
    """Every name in a sandbox's hosts file is routed to the platform; other products' names are not."""
    assert all(is_vendor_host(name) for name in vendor_hosts("123", "eu-central-1"))
    assert "123.mns.eu-central-1-internal.aliyuncs.com" in vendor_hosts("123", "eu-central-1")
    assert "liuyun-config.aliyuncs.com" in vendor_hosts("123", "eu-central-1")
    assert not is_vendor_host("config.cn-shanghai.aliyuncs.com")
    assert not any(is_vendor_host(name) for name in ("ecs.aliyuncs.com", "fnf.example.com", "aliyuncs.com"))


def test_this_machines_own_addresses_are_denied_even_if_they_are_public():
    """What listens there trusts whoever is on the machine; the operator may allow them by name."""
    policy = EgressPolicy(Egress(allow=("93.184.215.15",)))
    own, allowed = (policy.destination(f"93.184.215.{number}", 22) for number in (14, 15))
    for destination, reason in ((own, "93.184.215.14 is this machine"), (allowed, None)):
        address = ipaddress.ip_address(destination.host)
        objection = policy.objection(destination, address, internet_access=True, ours=True)
        assert objection == reason or (reason is not None and objection is not None and reason in objection)


def test_an_address_of_this_machine_is_known():
    """By where the kernel would send from; nothing is sent."""
    assert is_ours(ipaddress.ip_address("127.0.0.1"))
    assert not is_ours(ipaddress.ip_address("93.184.215.14"))


def test_every_destination_is_logged_with_who_wanted_it():
    """Allowed or denied: function, instance, requests, host, port. A denial is told to the function's log as well."""
    told: list[str] = []
    caller = Caller("1", "shop", "pay", "i-1", requests=lambda: ("r-1",), tell=told.append)
    with capture_logs() as logged:
        run(choose(EgressPolicy(Egress()), caller, "93.184.215.14", 443))
        with pytest.raises(EgressDenied):
            run(choose(EgressPolicy(Egress()), caller, "10.0.0.1", 22))
    facts = {"function": "shop/pay", "instance": "i-1", "requests": ["r-1"]}
    assert [(line["event"], line["host"], line["port"]) for line in logged] == [
        ("egress", "93.184.215.14", 443), ("egress denied", "10.0.0.1", 22),
    ]  # fmt: skip
    assert all(facts.items() <= line.items() for line in logged)
    reason = "10.0.0.1 is a private address; the operator can allow it under [egress] allow or hosts"
    assert told == [f"Connecting to 10.0.0.1 port 22 is not allowed: {reason}."]


def test_hosts_of_packages_are_read_at_the_start():
    """One that can't be read stops it, and not the first deployment that needs it."""
    with pytest.raises(Invalid, match="'host:port'"):
        EgressPolicy(Egress(packages=("host:port",)))


def test_packages_come_from_their_indexes_alone():
    """By name and port; what functions may reach otherwise is nothing to them."""
    policy = EgressPolicy(for_packages(Egress(allow=("10.0.0.0/8",)), ("pypi.org:443",)))
    address = ipaddress.ip_address("93.184.215.14")
    for host, port, allowed in (("pypi.org", 443, True), ("pypi.org", 80, False), ("files.pythonhosted.org", 443, True),
                                ("example.com", 443, False), ("10.0.0.1", 443, False)):  # fmt: skip
        objection = policy.objection(policy.destination(host, port), address, internet_access=False)
        assert (objection is None) == allowed, host
