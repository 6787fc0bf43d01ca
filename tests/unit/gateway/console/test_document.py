"""What is written down of the API is what it is."""

from pathlib import Path

from liuyun.gateway.console.document import document

FILE = Path(__file__).parents[4] / "console/openapi.json"


def test_the_document_is_current():
    """The pages' types are made from it; `python -m liuyun.gateway.console.document` prints it."""
    assert FILE.read_text() == document()
