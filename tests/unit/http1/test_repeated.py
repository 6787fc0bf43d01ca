"""The same head again, or one of its kind: read once, and still every request means what its bytes mean."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import run
from tests.unit.http1.wire import Wire, answer, body_of

HEAD = b"POST /p HTTP/1.1\r\nhost: h\r\ncontent-length: 5\r\n\r\n"
REQUESTS = st.sampled_from([
    HEAD + b"hello",
    HEAD + b"\r\n\r\n.",
    HEAD.replace(b"5", b"4") + b"four",
    b"GET /p HTTP/1.1\r\nhost: h\r\n\r\n",
    b"\r\nGET /p HTTP/1.1\r\nhost: h\r\n\r\n",
    b"GET /q?a HTTP/1.1\r\nhost: h\r\nx-a: 1\r\n\r\n",
    b"POST /p HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    b"POST /p HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\nhello",
    b"GET /p HTTP/1.1\r\nhost: h\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n",
])  # fmt: skip
TARGETS = st.sampled_from(
    ["/p?a=1", "/p?b", "/p?", "/p", "/q?a=1", "/p#?a", "/p#?b", "/p?a#b", '/p?<"', "/p?\xe9", "/p? a", "http://h/p?a"]
)
NAMES = ["x-a", "X-A", "x-ab", "cookie", "host", "connection", "content-length", "expect", "te", "x-a "]
VALUES = st.sampled_from(
    ["1", "22", "a b", "", " ", "a\tb", "\xe9", "\x00", "keep-alive", "close", "100-continue", "a\r", "a\n b"]
)


@st.composite
def relatives(draw: st.DrawFn) -> list[bytes]:
    """Heads of which some are of the same kind, some nearly, and some are no heads."""
    names = draw(st.lists(st.sampled_from(NAMES), max_size=3))
    heads: list[bytes] = []
    for _ in range(draw(st.integers(2, 5))):
        end = "\r\n" if draw(st.integers(0, 20)) else "\n"
        colon = draw(st.sampled_from([": ", ": ", ":", ":  ", " : "]))
        own = names if draw(st.integers(0, 5)) else draw(st.lists(st.sampled_from(NAMES), max_size=3))
        lines = [f"POST {draw(TARGETS)} HTTP/1.1", *(f"{name}{colon}{draw(VALUES)}" for name in own)]
        heads.append(end.join([*lines, "", ""]).encode("latin-1"))
    return heads


class Noted:
    """An application that keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.memories: list[dict[str, Any] | None] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.memories.append(scope.get("liuyun.memory"))
        body = await body_of(receive)
        self.asked.append((scope["method"], scope["raw_path"], scope["query_string"], scope["headers"], body))
        await answer(send, body, headers=[(b"content-length", b"%d" % len(body))])


def told(*pieces: bytes) -> tuple[Noted, bytes]:
    noted = Noted()

    async def main() -> bytes:
        return await Wire(noted).say(*pieces)

    return noted, run(main())


@given(st.lists(st.tuples(REQUESTS, st.integers(1, 4)), max_size=4), st.lists(st.integers(0, 600), max_size=2))
def test_what_is_remembered_changes_nothing(runs: list[tuple[bytes, int]], cuts: list[int]):
    """However requests are cut, they are what they are byte by byte, when no head is ever here as a whole."""
    requests = [request for request, times in runs for _ in range(times)]
    sent = b"".join(requests)
    ends = sorted({sum(map(len, requests[:count])) for count in range(len(requests) + 1)} | {*cuts, 0, len(sent)})
    pieces = [sent[start:end] for start, end in pairwise(ends) if sent[start:end]]
    by_pieces, answers = told(*pieces)
    by_bytes, expected = told(*[bytes([byte]) for byte in sent])
    assert (by_pieces.asked, answers.count(b"HTTP/1.1 200")) == (by_bytes.asked, expected.count(b"HTTP/1.1 200"))


def test_the_same_head_has_a_memory():
    """From the second time on, until two others have come."""
    others = [b"GET /%d HTTP/1.1\r\nhost: h\r\n\r\n" % number for number in range(2)]
    noted, _ = told(HEAD + b"hello", HEAD + b"again", HEAD + b"third", *others, HEAD + b"anew!")
    first, second, third, other, another, anew = noted.memories
    assert second is not None
    assert second is third
    assert (first, other, another, anew) == (None, None, None, None)


def test_two_heads_in_turn_have_their_memories():
    """As of a client that receives and deletes."""
    other = b"GET / HTTP/1.1\r\nhost: h\r\n\r\n"
    noted, _ = told(*[HEAD + b"hello", other] * 3)
    first, second, *rest = noted.memories
    assert (first, second) == (None, None)
    assert rest[0] is not None
    assert rest[1] is not None
    assert [id(each) for each in rest[:2]] == [id(each) for each in rest[2:]]
    assert rest[0] is not rest[1]


def test_a_long_head_is_not_kept():
    """A connection that lies idle shall not hold much memory."""
    head = HEAD.replace(b"host: h", b"host: h\r\nx-long: " + b"x" * 9000)
    noted, _ = told(head + b"hello", head + b"again")
    assert noted.memories == [None, None]


@given(relatives(), st.sampled_from([b"", b"1", b"22", b"1" * 22]))
def test_what_is_varied_is_what_it_would_be_alone(heads: list[bytes], body: bytes):
    """Heads that differ in little, and heads that are wrong in little, mean what they mean byte by byte."""
    sent = [head + body for head in heads]
    by_requests, answers = told(*sent)
    by_bytes, expected = told(*[bytes([byte]) for byte in b"".join(sent)])
    assert (by_requests.asked, answers.count(b"HTTP/1.1 200")) == (by_bytes.asked, expected.count(b"HTTP/1.1 200"))


def test_heads_of_one_kind_share_a_memory():
    """Whatever their query, the values of their headers and the length of their body."""
    head = b"POST /p?n=1 HTTP/1.1\r\nhost: h\r\nx-request-id: 1\r\ncontent-length: 5\r\n\r\n"
    other = b"POST /p?n=2 HTTP/1.1\r\nhost: h\r\nx-request-id: 22\r\ncontent-length: 3\r\n\r\n"
    noted, _ = told(head + b"hello", other + b"two", head + b"three", other.replace(b"/p", b"/q") + b"oh!")
    first, second, third, fourth = noted.memories
    assert second is not None
    assert second is third
    assert (first, fourth) == (None, None)
    headers = [(b"host", b"h"), (b"x-request-id", b"22"), (b"content-length", b"3")]
    assert noted.asked[1] == ("POST", b"/p", b"n=2", headers, b"two")


def test_what_frames_a_message_is_never_varied():
    """The parser reads it, each time anew."""
    kept = b"POST /p HTTP/1.1\r\nhost: h\r\nconnection: keep-alive\r\ncontent-length: 5\r\n\r\n"
    noted, answers = told(kept + b"hello", kept.replace(b"keep-alive", b"close") + b"again", kept + b"lost!")
    assert noted.memories == [None, None]
    assert answers.count(b"HTTP/1.1 200") == 2
