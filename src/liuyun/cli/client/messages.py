"""Message service as the CLI uses it: XML over REST, version 2015-06-06. Source: mns contract 1 to 4."""

from collections.abc import Iterator, Mapping
from email.utils import formatdate
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

import httpx
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from liuyun.cli.client.transport import ApiError, Connection, Transport
from liuyun.cli.failure import Failure
from liuyun.identity.signatures import mns

NAMESPACE = "http://mns.aliyuncs.com/doc/v1/"
PAGE = "100"


class Messages:
    def __init__(self, transport: Transport, connection: Connection) -> None:
        self._transport = transport
        self._connection = connection

    def find(self, path: str) -> dict[str, str] | None:
        """The attributes of a queue, topic or subscription; None where it is not there."""
        try:
            return document(self.call("GET", path))
        except ApiError as error:
            if error.is_missing:
                return None
            raise

    def put(self, path: str, root: str, fields: Mapping[str, Any]) -> None:
        self.call("PUT", path, xml(root, fields))

    def send(self, queue: str, fields: Mapping[str, Any]) -> dict[str, str]:
        return document(self.call("POST", f"/queues/{quote(queue)}/messages", xml("Message", fields)))

    def publish(self, topic: str, fields: Mapping[str, Any]) -> dict[str, str]:
        return document(self.call("POST", f"/topics/{quote(topic)}/messages", xml("Message", fields)))

    def receive(self, queue: str, wait_s: int, *, peek: bool) -> dict[str, str] | None:
        """One message, None if there is none within `wait_s`. Peeking doesn't wait."""
        query = "peekonly=true" if peek else f"waitseconds={wait_s}"
        try:
            return document(self.call("GET", f"/queues/{quote(queue)}/messages?{query}", answer_s=wait_s + 30))
        except ApiError as error:
            if error.code == "MessageNotExist":
                return None
            raise

    def delete(self, queue: str, receipt_handle: str) -> None:
        self.call("DELETE", f"/queues/{quote(queue)}/messages?ReceiptHandle={receipt_handle}")

    def names(self, kind: str, prefix: str) -> Iterator[str]:
        """Of all queues or topics (`kind` is `Queue` or `Topic`), in the platform's order."""
        marker = ""
        while True:
            headers = {"x-mns-ret-number": PAGE}
            headers |= {"x-mns-prefix": prefix} if prefix else {}
            headers |= {"x-mns-marker": marker} if marker else {}
            root = parsed(self.call("GET", f"/{kind.lower()}s", headers=headers))
            for url in root.iter():
                if local(url) == f"{kind}URL":
                    yield (url.text or "").rpartition("/")[2]
            marker = next((item.text or "" for item in root if local(item) == "NextMarker"), "")
            if not marker:
                return

    def call(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        *,
        headers: Mapping[str, str] | None = None,
        answer_s: float = 60,
    ) -> httpx.Response:
        signed = signed_headers(method, target, headers or {}, self._connection, has_body=bool(body))
        response = self._transport.send(method, target, signed, body=body, answer_s=answer_s)
        if response.is_error:
            raise xml_error(response)
        return response


def signed_headers(
    method: str, target: str, extra: Mapping[str, str], by: Connection, *, has_body: bool
) -> dict[str, str]:
    headers = {"date": formatdate(usegmt=True), "x-mns-version": "2015-06-06", **extra}
    if has_body:
        headers["content-type"] = "text/xml;charset=UTF-8"
    signature = mns.sign(by.access_key_secret, mns.string_to_sign(method, target, headers))
    return {**headers, "authorization": f"MNS {by.access_key_id}:{signature}"}


def xml(root: str, fields: Mapping[str, Any]) -> bytes:
    element = Element(root, xmlns=NAMESPACE)
    for name, value in fields.items():
        if value not in (None, ""):
            SubElement(element, name).text = str(value)
    return tostring(element, encoding="utf-8", xml_declaration=True)


def parsed(response: httpx.Response) -> Element:
    """Raises Failure if the body is not XML."""
    try:
        return fromstring(response.content)
    except (ParseError, DefusedXmlException):
        raise Failure(f"Message service answered {response.status_code} without XML; is the endpoint right?") from None


def document(response: httpx.Response) -> dict[str, str]:
    return {local(child): child.text or "" for child in parsed(response)}


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def xml_error(response: httpx.Response) -> ApiError:
    found = document(response)
    message = found.get("Message") or f"Message service answered {response.status_code}."
    code = found.get("Code") or str(response.status_code)
    return ApiError(response.status_code, code, message, found.get("RequestId", ""))
