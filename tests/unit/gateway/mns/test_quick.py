"""Documents of the common form are read without a parser, and come to the same."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mns.mns_xml_handler import MessageEncoder, MessagesEncoder, ReceiptHandlesEncoder
from mns.queue import Message

from liuyun.gateway.mns import quick, reading
from liuyun.model.message import Draft

XMLNS = b' xmlns="http://mns.aliyuncs.com/doc/v1/"'
PIECES = st.sampled_from([
    b'<?xml version="1.0" encoding="utf-8"?>', b'<?xml version="1.0" encoding="latin-1"?>', b"\xef\xbb\xbf", XMLNS,
    b"<Message>", b"<Message" + XMLNS + b">", b"</Message>", b"<Messages" + XMLNS + b">", b"</Messages>",
    b"<MessageBody>", b"</MessageBody>", b"<MessageBody/>", b"<Priority>8</Priority>", b"<Priority> 8</Priority>",
    b"<DelaySeconds>1</DelaySeconds>", b"<DelaySeconds>2</DelaySeconds>", b"<DelaySeconds>-1</DelaySeconds>",
    b"<ReceiptHandles" + XMLNS + b">", b"</ReceiptHandles>", b"<ReceiptHandle>1-a-b</ReceiptHandle>",
    b"x", b"&lt;", b"&amp;lt;", b"&#60;", b"&nbsp;", b"<![CDATA[y]]>", b"]]>", b"<!-- -->", b"\r\n", b"\t", b" ",
    b"\x00", b"\x7f", b"\xff", "云".encode(), "\ufffe".encode(), "\U0001f600".encode(),
])  # fmt: skip
MESSAGES = [
    b"<Message" + XMLNS + b"><MessageBody>x &quot;&amp;amp;</MessageBody><Priority>8</Priority></Message>",
    b"<Messages>" + b"<Message><MessageBody>x</MessageBody></Message>" * 3 + b"</Messages>",
    b"<ReceiptHandles><ReceiptHandle>1-a-b</ReceiptHandle><ReceiptHandle>c</ReceiptHandle></ReceiptHandles>",
]  # fmt: skip


def agree(body: bytes) -> None:
    """What is read at all is what the parser reads."""
    if (drafts := quick.drafts(body)) is not None:
        assert drafts == reading.parsed_drafts(body)
    if (handles := quick.receipt_handles(body)) is not None:
        assert handles == reading.parsed_receipt_handles(body)


@given(st.lists(PIECES, max_size=6))
def test_what_is_read_in_a_message_is_what_the_parser_reads(pieces: list[bytes]):
    """Any text, any elements, in a document that would be read."""
    body = b"".join(pieces)
    agree(b"<Message><MessageBody>" + body + b"</MessageBody></Message>")
    agree(b"<Message><MessageBody>x</MessageBody>" + body + b"</Message>")
    agree(b"<Messages>" + body + b"<Message><MessageBody>x</MessageBody></Message></Messages>")
    agree(body)


@given(st.sampled_from(MESSAGES), st.integers(0, 200), st.integers(0, 3), PIECES | st.binary(max_size=2))
@example(MESSAGES[0], 0, 0, b"")
def test_what_is_broken_is_not_read_otherwise(document: bytes, place: int, length: int, piece: bytes):
    """Something of a good document is replaced by something else."""
    agree(document[:place] + piece + document[place + length :])


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_any_text_is_the_parsers_text(text: str):
    """Characters that XML can't carry, line ends, halves of a pair."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    agree(f"<Message><MessageBody>{escaped}</MessageBody></Message>".encode())
    agree(f"<Message><MessageBody>{text}</MessageBody></Message>".encode())


def test_what_the_vendors_client_sends_is_read():
    """Or all of this would be for nothing."""
    messages: list[Any] = [Message('{"a": "<云>"}', 5, 3), Message("plain")]
    for message in messages:
        message.base64encode = False  # as its queue does
    expected = [Draft('{"a": "<云>"}', 3, 5), Draft("plain")]
    assert quick.drafts(MessageEncoder.encode(messages[0])) == (expected[:1], False)
    assert quick.drafts(MessagesEncoder.encode(messages, base64encode=False)) == (expected, True)
    assert quick.receipt_handles(ReceiptHandlesEncoder.encode(["1-a-b", "1-c-d"])) == ["1-a-b", "1-c-d"]


@pytest.mark.parametrize("number", [16, 17])
def test_no_more_than_a_batch_is_read(number: int):
    """The parser has bounds of its own for what is longer."""
    body = b"<Messages>" + b"<Message><MessageBody>x</MessageBody></Message>" * number + b"</Messages>"
    handles = b"<ReceiptHandles>" + b"<ReceiptHandle>1-a-b</ReceiptHandle>" * number + b"</ReceiptHandles>"
    assert (quick.drafts(body) is not None, quick.receipt_handles(handles) is not None) == (number == 16,) * 2
