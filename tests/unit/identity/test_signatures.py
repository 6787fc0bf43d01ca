"""The readers against what the vendor's own SDKs sign."""

import hashlib
from urllib.parse import parse_qsl, quote, urlsplit

import fc2.auth
import mns.mns_client
import pytest
from alibabacloud_tea_openapi.utils import Utils
from aliyunsdkcore.auth.composer import rpc_signature_composer
from darabonba.request import DaraRequest
from hypothesis import given
from hypothesis import strategies as st

from liuyun.errors import InvalidDate, MalformedCredentials, MissingCredentials, SignatureMismatch
from liuyun.identity.signatures import acs3, dates, fc, rpc
from liuyun.identity.signatures import mns as mns_signature


def signed_rpc(params: dict[str, str]) -> list[tuple[str, str]]:
    """Parameters as the classic SDK sends them."""
    url, _ = rpc_signature_composer.get_signed_url(params, "ak", "secret", "JSON", "POST", {"Output": '{"a b": "*~"}'})
    return [*parse_qsl(urlsplit(url).query, keep_blank_values=True), ("Output", '{"a b": "*~"}')]


def test_the_classic_sdk_proves_itself():
    """A call signed by aliyun-python-sdk-core is accepted with its secret and no other."""
    signed = rpc.read("POST", signed_rpc({"Action": "ReportTaskSucceeded", "TaskToken": "tok=/+ A"}))
    assert (signed.access_key_id, signed.proves("secret"), signed.proves("other")) == ("ak", True, False)
    assert signed.nonce


def test_a_changed_parameter_breaks_an_rpc_signature():
    """Every parameter is part of what was signed."""
    params = [(name, "other" if name == "TaskToken" else value) for name, value in signed_rpc({"TaskToken": "t"})]
    assert not rpc.read("POST", params).proves("secret")


@pytest.mark.parametrize("missing", ["AccessKeyId", "Signature", "Timestamp"])
def test_an_rpc_call_without_credentials_says_what_is_missing(missing: str):
    """The error names the parameter."""
    params = [pair for pair in signed_rpc({"Action": "ListFlows"}) if pair[0] != missing]
    with pytest.raises(MissingCredentials, match=missing):
        rpc.read("POST", params)


def acs3_request(body: bytes = b"{}") -> tuple[list[tuple[str, str]], str]:
    request = DaraRequest()
    request.method, request.pathname, request.query = "POST", "/2023-03-30/functions", {"a": "x/y z", "b": ""}
    digest = hashlib.sha256(body).hexdigest()
    request.headers = {
        "host": "127.0.0.1:1", "x-acs-date": "2026-11-23T08:16:48Z", "x-acs-content-sha256": digest,
        "x-acs-signature-nonce": "n", "accept": "application/json",
    }  # fmt: skip
    request.headers["Authorization"] = Utils.get_authorization(request, "ACS3-HMAC-SHA256", digest, "ak", "secret")
    return list(request.headers.items()), "a=x%2Fy%20z&b="


def test_the_new_sdk_proves_itself():
    """A call signed by alibabacloud-tea-openapi is accepted with its secret and no other."""
    headers, query = acs3_request()
    signed = acs3.read("POST", "/2023-03-30/functions", query, headers, b"{}")
    assert (signed.access_key_id, signed.proves("secret"), signed.proves("other")) == ("ak", True, False)


def test_a_changed_body_breaks_an_acs3_signature():
    """The body's digest is part of what was signed."""
    headers, query = acs3_request()
    with pytest.raises(SignatureMismatch):
        acs3.read("POST", "/2023-03-30/functions", query, headers, b"{ }")


def test_acs3_insists_that_the_date_is_signed():
    """A date outside SignedHeaders could be replaced by anybody."""
    headers, query = acs3_request()
    loose = [(name, value.replace("x-acs-date;", "")) for name, value in headers]
    with pytest.raises(MissingCredentials, match="x-acs-date"):
        acs3.read("POST", "/2023-03-30/functions", query, loose, b"{}")


@pytest.mark.parametrize("queries", [None, {"k": ["v 1", "v0"], "a": "b"}, {}])
def test_the_fc2_sdk_proves_itself(queries: dict[str, object] | None):
    """Calls of aliyun-fc2 are accepted, with the query signed on HTTP triggers and unsigned elsewhere."""
    headers = {"date": "Mon, 23 Nov 2026 08:18:10 GMT", "content-type": "application/json", "x-fc-account-id": "1"}
    auth = fc2.auth.Auth("ak", "secret", "")
    headers["authorization"] = auth.sign_request("POST", "/2016-08-15/proxy/s/f/a b", headers, queries)
    query = "k=v+1&k=v0&a=b" if queries else ""
    signed = fc.read(
        "POST", "/2016-08-15/proxy/s/f/a%20b", query, list(headers.items()), http_trigger=queries is not None
    )
    assert (signed.access_key_id, signed.proves("secret"), signed.proves("other")) == ("ak", True, False)


def test_the_mns_sdk_proves_itself():
    """A call of aliyun-mns-sdk is accepted with its secret and no other."""
    client = mns.mns_client.MNSClient("http://127.0.0.1:1", "ak", "secret")
    credentials = client.credentials_provider.get_credentials()
    headers = {"date": "Mon, 23 Nov 2026 08:18:10 GMT", "x-mns-version": "2015-06-06", "content-type": "text/xml"}
    target = "/queues/q/messages?ReceiptHandle=1-a=&VisibilityTimeout=5"
    headers["Authorization"] = client.get_signature("PUT", headers, target, credentials)
    signed = mns_signature.read("PUT", target, list(headers.items()))
    assert (signed.access_key_id, signed.proves("secret"), signed.proves("other")) == ("ak", True, False)


@pytest.mark.parametrize("header", ["", "FC", "FC ak", "FC :x", "Bearer ak:x"])
def test_a_malformed_authorization_is_refused(header: str):
    """Whatever stands in the Authorization header, the answer is a clear refusal."""
    headers = [("authorization", header), ("date", "Mon, 23 Nov 2026 08:18:10 GMT")]
    with pytest.raises(MalformedCredentials):
        fc.read("GET", "/2016-08-15/services", "", headers, http_trigger=False)


@pytest.mark.parametrize("text", ["", "yesterday", "Mon, 99 Nov 2026 08:18:10 GMT", "9" * 400])
def test_a_date_that_is_none_is_refused(text: str):
    """No text makes the readers of dates fail otherwise."""
    for reader in (dates.from_http, dates.from_iso):
        with pytest.raises(InvalidDate):
            reader(text)


texts = st.text(st.characters(codec="utf-8"), max_size=8)


@given(st.lists(st.tuples(texts, texts)))
def test_what_an_rpc_call_signs_is_encoded_as_rfc_3986_has_it(params: list[tuple[str, str]]):
    """Every pair, whichever of its characters need it; each once, in order."""
    pairs = {(quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in params if name != "Signature"}
    canonical = "&".join(sorted(f"{name}={value}" for name, value in pairs))
    assert rpc.string_to_sign("POST", params) == f"POST&%2F&{quote(canonical, safe='-_.~')}"
