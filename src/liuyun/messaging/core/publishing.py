"""What becomes of a message that a topic accepts. Source: mns contract 4."""

import json
from collections.abc import Mapping
from typing import Any

from liuyun.errors import Invalid
from liuyun.messaging.core.sending import check_size, digest, encoded
from liuyun.messaging.core.subscribing import check_tag
from liuyun.model.message import Publication, TopicAttributes


def publication(
    body: str, tag: str, attributes: Mapping[str, Any] | None, *, message_id: str, limits: TopicAttributes, now: int
) -> Publication:
    """Raises Invalid or TooLarge; the attributes count for the size as well."""
    content = encoded(body)
    texts = as_texts(attributes or {})
    check_size(len(content) + sum(len(name) + len(text) for name, text in texts.items()), limits.max_message_bytes)
    check_tag("MessageTag", tag)
    return Publication(message_id, body, digest(content), now, tag, texts)


def as_texts(attributes: Mapping[str, Any]) -> dict[str, str]:
    """An attribute is a JSON text on the wire; flows give it as the value itself."""
    try:
        return {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in attributes.items()
        }
    except (TypeError, ValueError):
        raise Invalid("message_attributes_json", "A value in MessageAttributes can't be written as JSON.") from None
