"""XML in and out, no more than message service and object storage need. Source: mns contract 1, 3.3 and 6.

In: local names only, since clients disagree about the namespace; no document type and no entities; bounded in depth and
number of elements (the body is bounded before). Out: compact, since some clients stumble over white space.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from liuyun.errors import Invalid, MalformedDocument
from liuyun.messaging.core.escaping import escaped

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
DEEPEST = 8
MOST_ELEMENTS = 4096
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")


@dataclass(slots=True)
class Element:
    name: str
    text: str = ""
    children: list["Element"] = field(default_factory=list["Element"])

    def child(self, name: str) -> "Element | None":
        for child in self.children:
            if child.name == name:
                return child
        return None

    def value(self, name: str) -> str | None:
        """The text of a child; None if it isn't there."""
        child = self.child(name)
        return None if child is None else child.text

    def integer(self, name: str) -> int | None:
        text = self.value(name)
        if text is None:
            return None
        if WHOLE_NUMBER.fullmatch(text.strip()) is None:
            raise Invalid(f"The value of {name} must be a whole number; it is '{text[:40]}'.")
        return int(text)

    def boolean(self, name: str) -> bool | None:
        text = self.value(name)
        if text is None:
            return None
        if text.strip().lower() not in {"true", "false"}:
            raise Invalid(f"The value of {name} must be True or False; it is '{text[:40]}'.")
        return text.strip().lower() == "true"

    def each(self, name: str) -> Iterator["Element"]:
        return (child for child in self.children if child.name == name)


class Builder:
    """The parser's target: makes Elements of what it is told."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._count = 0
        self._root: Element | None = None

    def start(self, tag: str, _: Mapping[str, str]) -> None:
        self._count += 1
        if len(self._open) >= DEEPEST or self._count > self._most:
            raise MalformedDocument(f"The XML is deeper than {DEEPEST} or has more than {self._most} elements.")
        element = Element(tag.rpartition("}")[2])
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)
        self._texts.append([])

    def data(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)

    def end(self, _: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())

    def close(self) -> Element | None:
        return self._root


def parse(body: bytes, *roots: str, most: int = MOST_ELEMENTS) -> Element:
    """The document in `body`, whose root has one of these names."""
    parser = XMLParser(target=Builder(most), forbid_dtd=True)
    try:
        parser.feed(body)
        root = cast("Element | None", parser.close())
    except DefusedXmlException:
        raise MalformedDocument("The request's body has a document type or an entity; remove it.") from None
    except (ParseError, LookupError, ValueError) as error:
        raise MalformedDocument(f"The request's body is not well-formed XML: {error}.") from None
    if root is None or root.name not in roots:
        found = "nothing" if root is None else f"<{root.name[:80]}>"
        raise Invalid(f"The request's XML must be a <{'> or <'.join(roots)}>; it is {found}.")
    return root


def element(name: str, value: object) -> str:
    return f"<{name}>{escaped(str(value))}</{name}>"
