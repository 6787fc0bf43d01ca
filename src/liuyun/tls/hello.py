"""What a TLS client says first, before any certificate is chosen. Pure. Source: RFC 8446, 4.1.2 and 5.1; RFC 6066, 3.

OpenSSL lets a server exchange the certificate once it knows the name, but by then the version and what may be offered
are settled. Domains have rules of their own about these, so the name is read here and the whole context chosen by it.
"""

RECORD, HANDSHAKE_RECORD, CLIENT_HELLO = 5, 22, 1
MOST_BYTES = 16 * 1024  # of a hello; the longest that browsers send have two thousand
SERVER_NAME, HOST_NAME = 0, 0


class NoHello(Exception):
    """No TLS conversation begins so. `plain`: it may well be HTTP."""

    def __init__(self, *, plain: bool) -> None:
        super().__init__("no TLS client hello")
        self.plain = plain


def lacking(data: bytes) -> int:
    """How many bytes must be there before it is worth looking again; 0 once the hello is whole. Raises NoHello."""
    return gathered(data)[1]


def server_name(data: bytes) -> str:
    """The host that a whole hello is for, in lower case; empty if it names none. Raises NoHello."""
    hello, missing = gathered(data)
    if missing:
        raise NoHello(plain=False)
    try:
        return name_in(Reader(hello))
    except IndexError:
        raise NoHello(plain=False) from None


def gathered(data: bytes) -> tuple[bytes, int]:
    """The hello out of its records, one or several, and what `lacking` says."""
    if data and data[0] != HANDSHAKE_RECORD:
        raise NoHello(plain=True)
    hello, at = b"", 0
    while len(data) >= at + RECORD:
        size = int.from_bytes(data[at + 3 : at + RECORD])
        if data[at] != HANDSHAKE_RECORD or size == 0 or at + RECORD + size > MOST_BYTES:
            raise NoHello(plain=False)
        at += RECORD + size
        hello += data[at - size : at]
        if len(hello) >= 4:
            if hello[0] != CLIENT_HELLO:
                raise NoHello(plain=False)
            if len(hello) >= 4 + int.from_bytes(hello[1:4]):
                return (hello, 0) if len(data) >= at else (b"", at)
        if len(data) < at:
            return b"", at
    return b"", at + RECORD


class Reader:
    """Raises IndexError at the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def take(self, size: int) -> bytes:
        if size > self.left:
            raise IndexError
        self._at += size
        return self._data[self._at - size : self._at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size))

    def block(self, size: int) -> bytes:
        """What follows its own length, which has `size` bytes."""
        return self.take(self.number(size))


def name_in(hello: Reader) -> str:
    hello.take(4 + 2 + 32)  # type and length, version, random
    hello.block(1)  # session
    hello.block(2)  # cipher suites
    hello.block(1)  # compression
    if not hello.left:
        return ""
    extensions = Reader(hello.block(2))
    while extensions.left:
        kind, content = extensions.number(2), extensions.block(2)
        if kind == SERVER_NAME:
            names = Reader(Reader(content).block(2))
            while names.left:
                of, name = names.number(1), names.block(2)
                if of == HOST_NAME:
                    return name.decode("ascii", "replace").lower()
    return ""
