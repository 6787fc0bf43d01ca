"""What is written down of the API is what it is."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from liuyun.gateway.console.document import document

FILE = Path(__file__).parents[4] / "console/openapi.json"
DOCUMENT = cache(document)  # it takes a second


def test_the_document_is_current():
    """The pages' types are made from it; `python -m liuyun.gateway.console.document` prints it."""
    assert FILE.read_text() == DOCUMENT()


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in json.loads(DOCUMENT())["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def bounded(schema: dict[str, Any]) -> bool:
    if "anyOf" in schema:
        return all(bounded(part) for part in schema["anyOf"])
    return {
        "string": bool({"maxLength", "enum", "pattern"} & schema.keys()),
        "integer": bool({"maximum", "exclusiveMaximum"} & schema.keys()),
        "number": "maximum" in schema,
    }.get(schema.get("type", ""), True)


def test_each_parameter_has_a_bound():
    """No text of an address or a query is taken that may be of any length, and no number of any size."""
    unbounded = [
        (name, parameter["name"])
        for name, operation in operations()
        for parameter in operation.get("parameters", ())
        if not bounded(parameter["schema"])
    ]
    assert unbounded == []


def test_the_document_says_who_may_ask():
    """The session, with its token for changes, or a signature; nothing only for what signs in, and for the document."""
    found = {name: {" ".join(sorted(way)) for way in operation["security"]} for name, operation in operations()}
    assert {name for name, ways in found.items() if not ways} == {"GET /api/session", "POST /api/session"}
    assert found["GET /api/users"] == {"session", "signature"}
    assert found["POST /api/users"] == {"csrfToken session", "signature"}
