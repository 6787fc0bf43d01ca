"""The documents that clients send most, read by their exact form: a tenth of what a parser takes.

Whatever differs from that form, if only by a space, is None here and the parser's to read or to refuse: nothing is
refused here. What is read comes to the same there (a property test compares them). The forms are those of the vendor's
Python and Node clients (mns contract 1.1, 3.2, 3.5).
"""

import re

from liuyun.messaging.core.sending import BATCH
from liuyun.model.message import Draft

DECLARED = r'(?:<\?xml version="1\.0"(?: encoding="(?:utf|UTF)-8")?\?>)?'
NAMESPACE = r'(?: xmlns="http://mns\.aliyuncs\.com/doc/v1/?")?'
# What may stand in XML 1.0 and means itself; `>` might end a section, a carriage return would become a line feed.
PLAIN = "[^<>&\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]*+"
ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}  # the ampersand last
TEXT = f"({PLAIN}(?:(?:{'|'.join(ENTITIES)}){PLAIN})*+)"
NUMBER = "([0-9]{1,9})"
DELAY = f"(?:<DelaySeconds>{NUMBER}</DelaySeconds>)?"
FIELDS = f"<MessageBody>{TEXT}</MessageBody>{DELAY}(?:<Priority>{NUMBER}</Priority>)?{DELAY}"
ONE = re.compile(f"{DECLARED}<Message{NAMESPACE}>{FIELDS}</Message>")
MANY_BEGIN = re.compile(f"{DECLARED}<Messages{NAMESPACE}>")
EACH = re.compile(f"<Message>{FIELDS}</Message>")
MANY_END = "</Messages>"
HANDLE_END = "</ReceiptHandle><ReceiptHandle>"
HANDLES = re.compile(
    f"{DECLARED}<ReceiptHandles{NAMESPACE}><ReceiptHandle>"
    f"([0-9a-zA-Z-]++(?:{HANDLE_END}[0-9a-zA-Z-]++){{0,{BATCH - 1}}})"
    "</ReceiptHandle></ReceiptHandles>"
)


def drafts(body: bytes) -> tuple[list[Draft], bool] | None:
    """The messages to send, and whether they came as a batch."""
    text = decoded(body)
    if text is None:
        return None
    one = ONE.fullmatch(text)
    if one is not None:
        return [draft(one)], False
    begin = MANY_BEGIN.match(text)
    many = None if begin is None else batch(text, begin.end())
    return None if many is None else (many, True)


def batch(text: str, place: int) -> list[Draft] | None:
    """What stands from `place` to the end, if it is at most as many as a queue takes."""
    found: list[Draft] = []
    while each := EACH.match(text, place):
        if len(found) == BATCH:
            return None
        found.append(draft(each))
        place = each.end()
    return found if text[place:] == MANY_END else None


def draft(found: re.Match[str]) -> Draft:
    body, early, priority, late = found.groups()
    delay_s = early or late
    return Draft(
        body if "&" not in body else unescaped(body),
        None if priority is None else int(priority),
        None if delay_s is None else int(delay_s),
    )


def receipt_handles(body: bytes) -> list[str] | None:
    text = decoded(body)
    found = None if text is None else HANDLES.fullmatch(text)
    return None if found is None else found[1].split(HANDLE_END)


def decoded(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def unescaped(text: str) -> str:
    for entity, character in ENTITIES.items():
        text = text.replace(entity, character)
    return text
