"""Custom domains by HTTPS, as TLS clients see them."""

import http.client
import json
import socket
import ssl
from typing import Any

import pytest

from liuyun.testing.platform import Running
from tests.certificates import Made, made
from tests.contract.fc.clients import Deployed, post, refused

SHOW = """import json
def handler(environ, start_response):
    seen = {name: environ[name] for name in ('HTTP_X_FORWARDED_PROTO', 'PATH_INFO', 'fc.request_uri')}
    start_response('200 OK', [('Content-Type', 'application/json')])
    return [json.dumps([seen, len(environ['wsgi.input'].read())]).encode()]
"""


def connected(running: Running, name: str | None, trusted: Made | None, **versions: Any) -> ssl.SSLSocket:
    """A handshake for `name` by a client that trusts nobody but `trusted`."""
    context = ssl.create_default_context(cadata=trusted.certificate if trusted else None)
    if trusted is None:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for member, value in versions.items():
        setattr(context, member, value)
    plain = socket.create_connection(("127.0.0.1", running.tls_port), timeout=30)
    try:
        return context.wrap_socket(plain, server_hostname=name)
    except BaseException:
        plain.close()
        raise


def names(secure: ssl.SSLSocket) -> bytes:
    with secure:
        return secure.getpeercert(binary_form=True) or b""


def ask(secure: ssl.SSLSocket, host: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(host)
    connection.sock = secure
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read() or b"null")
    connection.close()
    return found


def domain(service: Deployed, name: str, of: Made | None = None, protocol: str = "HTTPS", **members: Any) -> None:
    """On a function of its own; the client's method takes no tlsConfig."""
    routes = [{"path": "/*", "serviceName": service.service, "functionName": "f"}]
    document = {"domainName": name, "protocol": protocol, "routeConfig": {"routes": routes}, **members}
    post(service.client, "/custom-domains", document | ({"certConfig": of.config} if of else {}))


def test_a_function_answers_by_https_on_its_own_certificate(service: Deployed, running: Running):
    """And learns that its caller came by HTTPS, whatever the caller says; a body of many records arrives whole."""
    service.http_function("f", SHOW)
    of = made("shop.tls.example.com")
    domain(service, "shop.tls.example.com", of)
    secure = connected(running, "shop.tls.example.com", of)
    status, (seen, size) = ask(
        secure, "shop.tls.example.com", "/a%20b?c=1", b"x" * 500_000, **{"X-Forwarded-Proto": "ftp"}
    )
    assert (status, size) == (200, 500_000)
    assert seen == {"HTTP_X_FORWARDED_PROTO": "https", "PATH_INFO": "/a b", "fc.request_uri": "/a%20b?c=1"}


def test_a_new_certificate_shows_at_the_next_handshake(service: Deployed, running: Running):
    """Without a restart, and connections that stand go on."""
    service.http_function("f", SHOW)
    old, new = made("*.renew.example.com"), made("*.renew.example.com")
    domain(service, "*.renew.example.com", old)
    standing = connected(running, "a.renew.example.com", old)
    service.client.update_custom_domain("*.renew.example.com", certConfig=new.config)
    names(connected(running, "b.renew.example.com", new))
    assert ask(standing, "a.renew.example.com", "/")[0] == 200


def test_other_names_get_the_operators_certificate(service: Deployed, running: Running):
    """As do clients that name none, and domains that have no certificate; the APIs answer as on the other port."""
    operators = names(connected(running, "operator.example.com", None))
    domain(service, "bare.tls.example.com")
    assert names(connected(running, None, None)) == operators
    assert names(connected(running, "unknown.example.com", None)) == operators
    assert names(connected(running, "bare.tls.example.com", None)) == operators
    status, answer = ask(connected(running, None, None), "127.0.0.1", "/2016-08-15/services")
    assert (status, answer["Code"]) == (400, "MissingRequiredHeader")


def test_a_domain_for_http_alone_takes_no_https(service: Deployed, running: Running):
    """Its certificate isn't shown, and its function isn't called."""
    of = made("plain.tls.example.com")
    domain(service, "plain.tls.example.com", of, protocol="HTTP")
    with pytest.raises(ssl.SSLCertVerificationError):
        connected(running, "plain.tls.example.com", of)
    status, answer = ask(connected(running, "plain.tls.example.com", None), "plain.tls.example.com", "/")
    assert (status, answer["Code"]) == (403, "DomainProtocolNotAllowed")


def test_a_domain_sets_the_versions_and_ciphers_of_its_handshakes(service: Deployed, running: Running):
    """Neither more nor less than its tlsConfig says."""
    of = made("strict.tls.example.com")
    suite = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
    domain(service, "strict.tls.example.com", of, tlsConfig={"maxVersion": "TLSv1.2", "cipherSuites": [suite]})
    with connected(running, "strict.tls.example.com", of) as secure:
        assert (secure.version(), (secure.cipher() or [""])[0]) == ("TLSv1.2", "ECDHE-ECDSA-CHACHA20-POLY1305")
    service.client.delete_custom_domain("strict.tls.example.com")
    domain(service, "strict.tls.example.com", of, tlsConfig={"minVersion": "TLSv1.3"})
    with connected(running, "strict.tls.example.com", of) as secure:
        assert secure.version() == "TLSv1.3"
    with pytest.raises(ssl.SSLError):
        connected(running, "strict.tls.example.com", of, maximum_version=ssl.TLSVersion.TLSv1_2)


def test_a_certificate_for_another_name_is_refused(service: Deployed):
    """Through the vendor's client, with what to mend."""
    error = refused(lambda: domain(service, "named.tls.example.com", made("else.example.com")))
    assert (error.status_code, error.err_code) == (400, "InvalidArgument")
    assert "else.example.com" in str(error)


def test_plain_http_on_the_https_port_is_told_so(running: Running):
    """With 400 and words, not by a connection that ends."""
    connection = http.client.HTTPConnection("127.0.0.1", running.tls_port, timeout=30)
    connection.request("GET", "/")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (400, b"This port speaks HTTPS only.\n")
    connection.close()


def test_the_platform_serves_on_after_clients_that_speak_nonsense(running: Running):
    """Or leave in the middle of their first word."""
    for words in (
        b"",
        b"\x16",
        b"\x16\x03\x01\x40\x00",
        b"\x16\x03\x01\x00\x04\x02\x00\x00\x00",
        b"\x16\x03\x01\xff\xff",
    ):
        with socket.create_connection(("127.0.0.1", running.tls_port), timeout=30) as plain:
            plain.sendall(words)
    assert names(connected(running, "operator.example.com", None))
