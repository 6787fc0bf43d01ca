"""What a TLS client says first."""

import ssl
from contextlib import suppress

import pytest

from liuyun.tls.hello import NoHello, lacking, server_name


def hello(name: str | None) -> bytes:
    """What OpenSSL's client really sends."""
    context = ssl.create_default_context()
    context.check_hostname = name is not None
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context.wrap_bio(incoming, outgoing, server_hostname=name).do_handshake()
    return outgoing.read()


@pytest.mark.parametrize(("asked", "read"), [("Shop.Example.com", "shop.example.com"), (None, "")])
def test_the_name_is_read(asked: str | None, read: str):
    """In lower case; empty if the client names none."""
    assert server_name(hello(asked)) == read


def test_a_hello_that_is_on_its_way_is_waited_for():
    """Each look says how far the next one must see, and only the whole hello ends it."""
    data = hello("shop.example.com")
    seen, looks = 0, []
    while wanted := lacking(data[:seen]):
        assert wanted > seen
        seen = wanted
        looks.append(seen)
    assert looks == [5, len(data)]
    assert all(lacking(data[:size]) > size for size in range(len(data)))


def test_a_hello_may_come_in_several_records():
    """As some clients send it, so that nobody on the way reads the name."""
    data = hello("shop.example.com")
    head, body = data[:3], data[5:]
    split = b"".join(head + len(part).to_bytes(2) + part for part in (body[:3], body[3:60], body[60:]))
    assert (lacking(split), server_name(split)) == (0, "shop.example.com")
    assert lacking(split[:20]) > 20


@pytest.mark.parametrize(
    ("data", "plain"),
    [
        (b"GET / HTTP/1.1\r\n", True),
        (bytes([22, 3, 1, 0, 4, 2, 0, 0, 0]), False),
        (bytes([22, 3, 1, 255, 255]), False),
        (bytes([22, 3, 1, 0, 0, 22]), False),
        (bytes([22, 3, 1, 0, 8, 1, 0, 0, 4, 3, 3, 0, 0]), False),
    ],
)
def test_what_is_no_hello_is_not_waited_for(data: bytes, plain: bool):
    """Neither another protocol nor a broken one."""
    with pytest.raises(NoHello) as refused:
        server_name(data)
    assert refused.value.plain == plain


def test_no_bytes_are_read_beyond_the_end():
    """A hello cut anywhere, with lengths that say it is whole, is refused and nothing worse."""
    body = hello("shop.example.com")[5:]
    for size in range(4, 120):
        part = body[4:size]
        cut = b"\x01" + len(part).to_bytes(3) + part
        data = b"\x16\x03\x01" + len(cut).to_bytes(2) + cut
        with suppress(NoHello):
            assert server_name(data) == ""
