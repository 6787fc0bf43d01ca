"""XML in and out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuyun.errors import Invalid, MalformedDocument, Unsupported
from liuyun.gateway.mns import reading, rendering
from liuyun.gateway.mns.xml import document
from liuyun.gateway.xml import DEEPEST, MOST_ELEMENTS, element, parse
from liuyun.model.message import Draft, Message, Properties, Property

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


@given(texts, texts)
def test_what_is_written_is_read(one: str, other: str) -> None:
    """Any text comes through, whatever it has in common with markup."""
    root = parse(document("Root", element("One", one) + element("Other", other)), "Root")
    assert (root.value("One"), root.value("Other"), root.value("None")) == (one, other, None)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """Nothing but a refusal comes of what isn't a document."""
    try:
        parse(body, "Message")
    except Invalid:
        return


def test_bounds() -> None:
    """Neither too deep nor too many."""
    for bad in (b"<a>" * (DEEPEST + 1) + b"</a>" * (DEEPEST + 1), b"<a>" + b"<b/>" * MOST_ELEMENTS + b"</a>"):
        with pytest.raises(MalformedDocument):
            parse(bad, "a")
    assert parse(b"<a>" * DEEPEST + b"</a>" * DEEPEST, "a").name == "a"


def test_entities_are_refused() -> None:
    """An entity could grow without bound or read a file; the answer says what to remove."""
    for bad in (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', b'<!DOCTYPE a SYSTEM "http://x/y"><a/>'):
        with pytest.raises(MalformedDocument, match="document type or an entity; remove it"):
            parse(bad, "a")


def test_a_text_in_pieces_is_one_text() -> None:
    """References and sections don't break it."""
    assert parse(b"<a>x&lt;y<![CDATA[<z>]]>&#20113;</a>", "a").text == "x<y<z>云"


@pytest.mark.parametrize(("text", "value"), [("1", 1), (" 42 ", 42), ("-3", -3)])
def test_whole_numbers(text: str, value: int) -> None:
    """White space around one is let be; its range is checked elsewhere."""
    assert parse(f"<a><n>{text}</n></a>".encode(), "a").integer("n") == value


@pytest.mark.parametrize("text", ["", "x", "1.0", "1_0", "٣", "9" * 19])
def test_what_is_no_whole_number(text: str) -> None:
    """The element is named."""
    with pytest.raises(Invalid, match="The value of n must be a whole number"):
        parse(f"<a><n>{text}</n></a>".encode(), "a").integer("n")


def test_flags_in_any_case() -> None:
    """True and False as clients spell them, nothing else."""
    root = parse(b"<a><x>True</x><y>false</y><z>maybe</z></a>", "a")
    assert (root.boolean("x"), root.boolean("y"), root.boolean("w")) == (True, False, None)
    with pytest.raises(Invalid, match="The value of z must be True or False"):
        root.boolean("z")


def test_one_message_and_a_batch_are_told_apart() -> None:
    """By the root element alone."""
    message = b"<Message><MessageBody>x</MessageBody><Priority>1</Priority><DelaySeconds>2</DelaySeconds></Message>"
    assert reading.drafts(message) == ([Draft("x", 1, 2)], False)
    assert reading.drafts(b"<Messages>" + message + b"</Messages>") == ([Draft("x", 1, 2)], True)


def test_properties_are_read_and_rendered_alike() -> None:
    """What was rendered for a receiver can be sent again."""
    properties = Properties((Property("a", "<1>", "NUMBER"),), (Property("traceparent", "t"),))
    message = Message(1, "M", "x", "D", 8, 1, 2, 1, 1, "h", properties)
    (draft,), _ = reading.drafts(rendering.received(message))
    assert draft.properties == properties


def test_what_would_break_a_promise_is_refused() -> None:
    """Dead letters and order groups aren't offered; an empty element asks for nothing."""
    assert reading.queue_changes(b"<Queue><DlqPolicy/></Queue>") == {}
    with pytest.raises(Unsupported, match="DlqPolicy is not offered"):
        reading.queue_changes(b"<Queue><DlqPolicy><Enabled>true</Enabled></DlqPolicy></Queue>")
    with pytest.raises(Unsupported, match="MessageGroupId is not offered"):
        reading.publication(b"<Message><MessageBody>x</MessageBody><MessageGroupId>g</MessageGroupId></Message>")


def test_a_missing_body_changes_nothing() -> None:
    """A queue can be made without a document."""
    assert reading.queue_changes(b"") == {}
