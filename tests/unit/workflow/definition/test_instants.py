import pytest

from liuyun.workflow.definition.instants import parse_instant


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:01.5Z", 1500),
        ("1970-01-01t00:00:00z", 0),
        ("1970-01-01 08:00:00+08:00", 0),
        ("2020-10-27T22:17:52.413Z", 1603837072413),
    ],
)
def test_rfc_3339_times_are_epoch_milliseconds(text: str, instant: int):
    """With any offset and any number of fraction digits."""
    assert parse_instant(text) == instant


@pytest.mark.parametrize(
    "text", ["", "soon", "1970-01-01", "1970-01-01T00:00:00", "1970-13-01T00:00:00Z", "20200101T000000Z"]
)
def test_other_texts_are_refused(text: str):
    """A time without an offset could mean any of 26 instants."""
    with pytest.raises(ValueError, match=r".*"):
        parse_instant(text)
