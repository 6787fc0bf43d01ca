from base64 import urlsafe_b64encode
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuyun.errors import Invalid
from liuyun.gateway.fnf.errors import MediaTypeUnknown, ParameterMissing
from liuyun.gateway.fnf.parameters import MAX_FIELDS, Parameters, next_token, pairs
from liuyun.gateway.http import Event, Headers, Request
from liuyun.model.execution import ExecutionStatus


async def nothing() -> Event:
    return {"type": "http.disconnect"}


def request(query: str = "", body: bytes = b"", content_type: str = "application/x-www-form-urlencoded") -> Request:
    return Request("POST", "/", query, Headers([("content-type", content_type)]), "id", "", nothing, body=body)


def test_query_and_form_are_read_together():
    """Clients spread parameters differently; blank values stay, they are signed; both forms of a space are known."""
    sent = pairs(request("Action=A&SignatureType=&Name=a%20b+c", b"Output=%7B%22status%22%3A+%22ok%22%7D"))
    assert sent == [("Action", "A"), ("SignatureType", ""), ("Name", "a b c"), ("Output", '{"status": "ok"}')]


def test_a_body_must_be_a_form():
    """Anything else is 415, before a signature is looked at."""
    with pytest.raises(MediaTypeUnknown, match="text/xml"):
        pairs(request(body=b"<a/>", content_type="text/xml"))


@pytest.mark.parametrize("query", ["a=%ff", "&".join(f"p{n}=1" for n in range(MAX_FIELDS + 1))])
def test_parameters_that_can_not_be_read_are_refused(query: str):
    """Broken UTF-8 and floods of parameters are InvalidArgument."""
    with pytest.raises(Invalid):
        pairs(request(query))


@given(st.text(st.characters(codec="utf-8"), max_size=8), st.booleans())
def test_a_parameter_means_what_was_encoded(text: str, plus: bool):
    """Whichever of its characters a client encodes, and in which way it does."""
    encode = quote_plus if plus else quote
    assert pairs(request(f"{encode(text)}={encode(text)}&x=y")) == [(text, text), ("x", "y")]


def test_a_missing_parameter_is_named():
    """Empty counts as missing."""
    with pytest.raises(ParameterMissing, match="'Name'"):
        Parameters({"Name": ""}).text("Name")


@pytest.mark.parametrize("value", ["0", "1001", "-1", "x", "1.5", "9" * 40, "١"])
def test_a_number_out_of_bounds_names_the_parameter_and_the_bounds(value: str):
    """The message says what would have been right."""
    with pytest.raises(Invalid, match="Limit must be an integer from 1 to 1000"):
        Parameters({"Limit": value}).integer_or("Limit", 60, low=1, high=1000)


def test_a_choice_names_what_is_allowed():
    """So is a status that doesn't exist."""
    with pytest.raises(Invalid, match="Status must be one of Starting, Running"):
        Parameters({"Status": "Walking"}).choice("Status", ExecutionStatus)


@pytest.mark.parametrize(
    ("text", "instant"),
    [("2020-10-27T22:17:52.413Z", 1603837072413), ("2020-10-27T22:17:52+08:00", 1603808272000), ("", None)],
)
def test_times_are_rfc_3339(text: str, instant: int | None):
    """With or without fractions, in any zone."""
    assert Parameters({"StartedTimeBegin": text}).instant("StartedTimeBegin") == instant


@pytest.mark.parametrize("text", ["yesterday", "2020-13-01T00:00:00Z", "99999999"])
def test_other_times_are_refused(text: str):
    """Naming the parameter."""
    with pytest.raises(Invalid, match="StartedTimeBegin"):
        Parameters({"StartedTimeBegin": text}).instant("StartedTimeBegin")


@pytest.mark.parametrize("text", ["{", "nope", "[" * 100_000])
def test_a_document_must_be_json(text: str):
    """However broken or deep it is."""
    with pytest.raises(Invalid, match=r"Environment|nested"):
        Parameters({"Environment": text}).document("Environment")


def test_a_page_token_comes_back_as_its_key():
    """The last page has none."""
    token = next_token("order-流")["NextToken"]
    assert Parameters({"NextToken": token}).page(default=60, high=1000) == (60, "order-流")
    assert next_token(None) == {}


@pytest.mark.parametrize("token", ["%%%", "a", "流", urlsafe_b64encode(b"\xff").decode()])
def test_a_made_up_page_token_is_refused(token: str):
    """It can't lead anywhere."""
    with pytest.raises(Invalid, match="NextToken"):
        Parameters({"NextToken": token}).page(default=60, high=1000)
