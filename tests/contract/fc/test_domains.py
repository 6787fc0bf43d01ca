"""Custom domains through the vendor's Python client, and requests on them."""

import http.client

import fc2

from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed, refused

PAGE = """def handler(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/html')])
    return [(environ['PATH_INFO'] + ' ' + environ['REQUEST_METHOD']).encode()]
"""


def visit(running: Running, host: str, path: str, method: str = "GET") -> tuple[int, str, str | None]:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    connection.request(method, path, headers={"Host": host})
    answer = connection.getresponse()
    found = answer.status, answer.read().decode(), answer.getheader("Content-Disposition")
    connection.close()
    return found


def routes(service: Deployed, function: str) -> dict:
    return {
        "routes": [
            {"path": "/shop/*", "serviceName": service.service, "functionName": function, "methods": ["GET"]},
            {"path": "/old", "serviceName": service.service, "functionName": function, "qualifier": "prod"},
        ]
    }


def test_a_function_answers_on_a_domain_of_its_own(service: Deployed, running: Running):
    """By path and method, as a page to be shown, by the version that the route names."""
    service.http_function("f", PAGE)
    service.client.publish_version(service.service)
    service.client.create_alias(service.service, "prod", "1")
    config = {"authType": "anonymous", "methods": ["GET"]}
    service.client.create_trigger(service.service, "f", "prod", "http", config, None, None, qualifier="prod")
    service.client.create_custom_domain("shop.example.com", "HTTP", routes(service, "f"))
    assert visit(running, "shop.example.com", "/shop/cart%20x") == (200, "/shop/cart x GET", None)
    assert visit(running, f"shop.example.com:{running.port}", "/old") == (200, "/old GET", None)
    assert visit(running, "shop.example.com", "/shop/cart", "POST")[0] == 405
    assert visit(running, "shop.example.com", "/")[0] == 404
    service.client.delete_custom_domain("shop.example.com")
    assert visit(running, "shop.example.com", "/shop/cart")[0] == 404


def test_a_domain_has_its_life(client: fc2.Client, service: Deployed):
    """Every operation of the client."""
    made = client.create_custom_domain("life.example.com", "HTTP", routes(service, "f")).data
    assert made["routeConfig"]["routes"][0]["methods"] == ["GET"]
    assert client.get_custom_domain("life.example.com").data == made
    client.update_custom_domain("life.example.com", protocol="HTTP,HTTPS")
    found = client.list_custom_domains(prefix="life").data["customDomains"]
    assert [(domain["domainName"], domain["protocol"]) for domain in found] == [("life.example.com", "HTTP,HTTPS")]
    taken = refused(lambda: client.create_custom_domain("life.example.com"))
    assert (taken.status_code, taken.err_code) == (409, "DomainNameAlreadyExists")
    client.delete_custom_domain("life.example.com")
    assert refused(lambda: client.get_custom_domain("life.example.com")).err_code == "DomainNameNotFound"
