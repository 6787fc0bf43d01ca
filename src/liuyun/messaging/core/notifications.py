"""What a subscriber gets to see of a publication, in each NotifyContentFormat. Sources: mns contract 4.2, 4.3 and 5."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import Any, cast
from urllib.parse import quote

from liuyun.messaging.core.escaping import escaped
from liuyun.model.message import Delivery, NotifyFormat

NAMESPACE = "http://mns.aliyuncs.com/doc/v1/"
VERSION = "2015-06-06"
PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))  # a header can't carry more
CONTENT_TYPES = {
    NotifyFormat.XML: "text/xml;charset=utf-8",
    NotifyFormat.JSON: "application/json;charset=utf-8",
    NotifyFormat.SIMPLIFIED: "text/plain;charset=utf-8",
    NotifyFormat.STREAM: "text/plain;charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Push:
    """An HTTP push but for its signature. The header names are in the very case that the vendor's samples look up."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    string_to_sign: str


def facts(delivery: Delivery) -> dict[str, str | int]:
    """The flat document of the formats XML and JSON."""
    publication, subscription = delivery.publication, delivery.subscription
    document: dict[str, str | int] = {
        "TopicOwner": subscription.account_id,
        "TopicName": subscription.topic,
        "Subscriber": subscription.account_id,
        "SubscriptionName": subscription.name,
        "MessageId": publication.message_id,
        "Message": publication.body,
        "MessageMD5": publication.body_md5,
    }
    if publication.tag:
        document["MessageTag"] = publication.tag
    return document | {"PublishTime": publication.published_at}


def text(delivery: Delivery) -> str:
    """The body of an HTTP push, and the message that a queue endpoint gets."""
    match delivery.subscription.attributes.format:
        case NotifyFormat.XML:
            return as_xml(facts(delivery))
        case NotifyFormat.JSON:
            return as_json(facts(delivery))
        case NotifyFormat.SIMPLIFIED | NotifyFormat.STREAM:
            return delivery.publication.body


def event(delivery: Delivery) -> bytes:
    """What a function's handler gets. Only JSON and STREAM are told apart there: any format but JSON is a stream."""
    attributes = delivery.publication.attributes
    if delivery.subscription.attributes.format is NotifyFormat.JSON:
        return as_json(facts(delivery) | extension(attributes)).encode()
    if attributes:
        return as_json({"body": delivery.publication.body, "attrs": dict(attributes)}).encode()
    return delivery.publication.body.encode()


def extension(attributes: Mapping[str, str]) -> dict[str, Any]:
    """The keys of the attribute Extend, if it holds a JSON object."""
    try:
        extend = json.loads(attributes.get("Extend", "{}"))
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", extend) if isinstance(extend, dict) else {}


def push(delivery: Delivery, target: str, *, date: str, certificate_url: str, request_id: str) -> Push:
    body = text(delivery).encode()
    format_ = delivery.subscription.attributes.format
    content_md5 = b64encode(md5(body, usedforsecurity=False).hexdigest().encode()).decode()
    content_type = CONTENT_TYPES[format_]
    mns = [
        ("x-mns-request-id", request_id),
        ("x-mns-signing-cert-url", b64encode(certificate_url.encode()).decode()),
        ("x-mns-version", VERSION),
    ]
    if format_ is NotifyFormat.SIMPLIFIED:
        mns.append(("x-mns-message-id", delivery.publication.message_id))
        if delivery.publication.tag:
            mns.append(("x-mns-message-tag", quote(delivery.publication.tag, safe=PRINTABLE)))
    signed = "\n".join(("POST", content_md5, content_type, date, *canonical(mns), target))
    headers = (("Content-md5", content_md5), ("Content-Type", content_type), ("Date", date), *mns)
    return Push(body, headers, signed)


def canonical(headers: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{name}:{value}" for name, value in sorted(headers)]


def as_json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def as_xml(document: Mapping[str, str | int]) -> str:
    elements = "".join(f"<{name}>{escaped(str(value))}</{name}>" for name, value in document.items())
    return f'<?xml version="1.0" encoding="utf-8"?><Notification xmlns="{NAMESPACE}">{elements}</Notification>'
