"""What becomes of a draft that a queue accepts: its checks, its place, its times. Source: mns contract 3.2 to 3.5."""

import hashlib
from collections.abc import Sequence

import msgspec

from liuyun.errors import Invalid, TooLarge
from liuyun.messaging.core.attributes import DELAY, check_range
from liuyun.model.message import Draft, Properties, QueueAttributes

PRIORITY = ("Priority", 1, 16)  # 1 goes first
DEFAULT_PRIORITY = 8
BATCH = 16
BATCH_BYTES = 65_536
MOST_PROPERTIES = 64


class Entry(msgspec.Struct, frozen=True):
    """An accepted message, ready to be stored."""

    body: str
    body_md5: str
    priority: int
    properties: Properties
    enqueued_at: int
    visible_at: int
    expires_at: int

    @property
    def delayed(self) -> bool:
        return self.visible_at > self.enqueued_at


def accept(draft: Draft, attributes: QueueAttributes, now: int) -> Entry:
    """Raises Invalid or TooLarge. The body's size is that of the text as sent, after any encoding of the client's."""
    content = encoded(draft.body)
    check_size(len(content), attributes.max_message_bytes)
    check_properties(draft.properties, attributes.max_message_bytes)
    priority = DEFAULT_PRIORITY if draft.priority is None else draft.priority
    delay_s = attributes.delay_s if draft.delay_s is None else draft.delay_s
    check_range(priority, *PRIORITY)
    check_range(delay_s, *DELAY)
    return Entry(
        body=draft.body,
        body_md5=digest(content),
        priority=priority,
        properties=draft.properties,
        enqueued_at=now,
        visible_at=now + delay_s * 1000,
        expires_at=now + attributes.retention_s * 1000,
    )


def accept_batch(drafts: Sequence[Draft], attributes: QueueAttributes, now: int) -> list[Entry]:
    """All or nothing."""
    if not 1 <= len(drafts) <= BATCH:
        raise Invalid(
            "batch_size", "A batch has 1 to {most} messages; this one has {count}.", most=BATCH, count=len(drafts)
        )
    entries = [accept(draft, attributes, now) for draft in drafts]
    check_size(sum(len(draft.body.encode()) for draft in drafts), BATCH_BYTES)
    return entries


def encoded(body: str) -> bytes:
    if not body:
        raise Invalid("message_empty", "The MessageBody is missing or empty.")
    try:
        return body.encode()
    except UnicodeEncodeError as error:
        raise Invalid(
            "message_surrogate",
            "The MessageBody is not text: half of a surrogate pair at character {start}.",
            start=error.start,
        ) from None


def digest(content: bytes) -> str:
    """The vendor's MessageBodyMD5: of the text as it stands, in capitals."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest().upper()


def check_size(size: int, limit: int) -> None:
    if size > limit:
        raise TooLarge("message_size", "The message takes {size} bytes; {limit} are allowed.", size=size, limit=limit)


def check_properties(properties: Properties, limit: int) -> None:
    both = properties.user + properties.system
    if len(both) > MOST_PROPERTIES:
        raise Invalid(
            "message_properties",
            "A message carries at most {most} properties; this one has {count}.",
            most=MOST_PROPERTIES,
            count=len(both),
        )
    check_size(sum(len(item.name) + len(item.value) for item in both), limit)
