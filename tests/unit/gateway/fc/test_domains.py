"""Custom domains over the wire."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from liuyun.model.invocation import HttpAnswer, Invocation, InvocationResult
from tests.certificates import made
from tests.conftest import run
from tests.unit.gateway.fc.stage import Reply, Stage, stage

DOMAINS = "/custom-domains"
ROUTE = {"path": "/*", "serviceName": "s", "functionName": "f"}


def shop(*routes: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"domainName": "shop.example.com", "routeConfig": {"routes": list(routes or (ROUTE,))}, **members}


def web(invocation: Invocation) -> InvocationResult:
    headers = (("Content-Type", "text/html"),)
    http = HttpAnswer(200, headers)
    return InvocationResult(b"page", None, invocation.request_id, "i1", "LATEST", "77", 1, 1, http=http)


def moment(on: Stage) -> datetime:
    return datetime.fromtimestamp(on.clock.now() / 1000, UTC)


async def visit(on: Stage, path: str, method: str = "GET", host: str = "shop.example.com") -> Reply:
    return await on.send(method, path, "q=1", {"host": host}, b"")


def test_a_domain_has_its_life(tmp_path: Path):
    """Create, read, update, list, delete; members that an update leaves out stay."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            made = (await on.call("POST", DOMAINS, shop(protocol="HTTP"))).document
            assert made["routeConfig"]["routes"] == [{**ROUTE, "qualifier": "LATEST", "methods": []}]
            assert (await on.call("GET", f"{DOMAINS}/shop.example.com")).document == made
            changed = (await on.call("PUT", f"{DOMAINS}/shop.example.com", {"protocol": "HTTP,HTTPS"})).document
            assert (changed["protocol"], changed["routeConfig"]) == ("HTTP,HTTPS", made["routeConfig"])
            assert [d["domainName"] for d in (await on.call("GET", DOMAINS)).document["customDomains"]] == [
                "shop.example.com"
            ]
            assert (await on.call("POST", DOMAINS, shop())).code == "DomainNameAlreadyExists"
            assert (await on.call("DELETE", f"{DOMAINS}/shop.example.com")).status == 204
            for method in ("GET", "PUT", "DELETE"):
                assert (await on.call(method, f"{DOMAINS}/shop.example.com", {})).code == "DomainNameNotFound"

    run(main())


def test_requests_on_a_domain_reach_its_function(tmp_path: Path):
    """By path, with the trigger's rules, whatever the port; the function sees the path as it was rewritten."""

    async def main() -> None:
        async with stage(tmp_path, answer=web) as on:
            await on.deploy()
            await on.http_trigger()
            rules = {"wildcardRules": [{"match": "/api/*", "replacement": "/$1"}]}
            await on.call("POST", DOMAINS, shop({**ROUTE, "path": "/api/*", "rewriteConfig": rules}))
            assert (await visit(on, "/api/cart", host="shop.example.com:7080")).body == b"page"
            http = on.calls[0].http
            assert http is not None
            assert (http.path, http.query, http.request_uri) == ("/cart", "q=1", "/api/cart?q=1")
            assert on.calls[0].target == "/cart?q=1"
            missing = await visit(on, "/other")
            assert (missing.status, missing.code) == (404, "DomainRouteNotFound")
            assert (await visit(on, "/api/cart", "DELETE")).status == 405
            assert (await visit(on, "/api/cart", host="other.example.com")).status == 404

    run(main())


def test_a_page_on_its_own_domain_is_shown(tmp_path: Path):
    """Only under the platform's domain, which all functions share, a browser is told to save it instead."""

    async def main() -> None:
        async with stage(tmp_path, answer=web) as on:
            await on.deploy()
            await on.http_trigger()
            await on.call("POST", DOMAINS, shop())
            assert (await visit(on, "/")).header("content-disposition") == ""
            assert (await on.call("GET", "/proxy/s/f/", key=None)).header("content-disposition") == "attachment"

    run(main())


def test_a_trigger_that_wants_a_signature_gets_one(tmp_path: Path):
    """A domain opens no door that the trigger keeps shut."""

    async def main() -> None:
        async with stage(tmp_path, answer=web) as on:
            await on.deploy()
            await on.call("POST", DOMAINS, shop())
            assert (await visit(on, "/")).status == 403
            await on.http_trigger("function")
            assert (await visit(on, "/")).status == 403

    run(main())


def test_a_private_key_is_never_shown_again(tmp_path: Path):
    """Not in any answer, and not in the database."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            of = made("shop.example.com", since=moment(on))
            replies = [await on.call("POST", DOMAINS, shop(certConfig=of.config))]
            assert replies[0].document["certConfig"] == {"certName": "made", "certificate": of.certificate}
            replies.append(await on.call("GET", f"{DOMAINS}/shop.example.com"))
            replies.append(await on.call("GET", DOMAINS))
            replies.append(await on.call("PUT", f"{DOMAINS}/shop.example.com", {"certConfig": of.config}))
            assert [b"PRIVATE" in reply.body for reply in replies] == [False] * 4
            rows = await on.db.read(lambda tx: tx.all("domains.every"))
            assert "PRIVATE" not in rows[0]["document"]
            assert "ETAVIRP" in rows[0]["document"]  # as the stage seals

    run(main())


def test_a_certificate_may_outlive_its_first_key_and_be_taken_away(tmp_path: Path):
    """The stored key goes on with a renewed certificate of its own alone, and goes when there is no certificate."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            of, other = (made("shop.example.com", since=moment(on)) for _ in range(2))
            await on.call("POST", DOMAINS, shop(certConfig=of.config))
            again = {"certConfig": {"certName": "again", "certificate": of.certificate}}
            assert (await on.call("PUT", f"{DOMAINS}/shop.example.com", again)).status == 200
            foreign = {"certConfig": {"certificate": other.certificate}}
            assert (
                "does not belong" in (await on.call("PUT", f"{DOMAINS}/shop.example.com", foreign)).document["Message"]
            )
            await on.call("PUT", f"{DOMAINS}/shop.example.com", {"certConfig": {}})
            rows = await on.db.read(lambda tx: tx.all("domains.every"))
            assert "ETAVIRP" not in rows[0]["document"]

    run(main())


def test_a_domain_changes_though_its_certificate_has_expired(tmp_path: Path):
    """It is looked at when it is set."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            of = made("shop.example.com", since=moment(on) - timedelta(hours=23, minutes=59), days=1)
            await on.call("POST", DOMAINS, shop(certConfig=of.config))
            await on.clock.advance(120)
            path = f"{DOMAINS}/shop.example.com"
            assert (await on.call("PUT", path, {"protocol": "HTTP,HTTPS"})).status == 200
            assert "has expired" in (await on.call("PUT", path, {"certConfig": of.config})).document["Message"]

    run(main())


@pytest.mark.parametrize(
    ("host", "headers", "location"),
    [
        ("shop.example.com", {}, "https://shop.example.com/a%20b?q=1"),
        ("shop.example.com:7080", {}, "https://shop.example.com:7443/a%20b?q=1"),
        ("shop.example.com", {"x-forwarded-proto": "http"}, "https://shop.example.com/a%20b?q=1"),
        ("shop.example.com", {"x-forwarded-proto": "https"}, ""),
    ],
)
def test_a_domain_for_https_alone_sends_others_there(tmp_path: Path, host: str, headers: dict[str, str], location: str):
    """With 308, whatever they wanted there; a proxy that ended TLS says so."""

    async def main() -> None:
        async with stage(tmp_path, answer=web) as on:
            await on.deploy()
            await on.http_trigger()
            await on.call("POST", DOMAINS, shop(protocol="HTTPS"))
            reply = await on.send("POST", "/a%20b", "q=1", {"host": host, **headers}, b"body")
            assert (reply.status, reply.header("location")) == (308 if location else 200, location)
            assert len(on.calls) == (0 if location else 1)

    run(main())


def test_a_domain_can_take_all_names_below_it(tmp_path: Path):
    """A name of its own comes first."""

    async def main() -> None:
        async with stage(tmp_path, answer=web) as on:
            await on.deploy()
            await on.http_trigger()
            await on.call("POST", DOMAINS, {**shop(), "domainName": "*.example.com"})
            await on.call("POST", DOMAINS, shop({**ROUTE, "path": "/only"}))
            assert (await visit(on, "/", host="any.example.com")).status == 200
            assert (await visit(on, "/")).status == 404
            assert (await visit(on, "/", host="a.b.example.com")).status == 404

    run(main())


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"domainName": "localhost"}, "domainName"),
        ({"domainName": "127.0.0.1"}, "domainName"),
        ({"domainName": "1.cn-hangzhou.fc.aliyuncs.com"}, "domainName"),
        ({"domainName": "a_b.example.com"}, "domainName"),
        ({"domainName": None}, "domainName"),
        ({"protocol": "FTP"}, "'FTP'"),
        ({"certConfig": {"certificate": "CERT", "privateKey": "KEY"}}, "certConfig.certificate"),
        ({"certConfig": {"certificate": 5}}, "certConfig.certificate"),
        ({"certConfig": {"privateKey": "KEY"}}, "certConfig.privateKey"),
        ({"tlsConfig": {"minVersion": "SSLv3"}}, "tlsConfig.minVersion"),
        ({"routeConfig": {"routes": [{**ROUTE, "path": "a"}]}}, "routes[0].path"),
        ({"routeConfig": {"routes": [{**ROUTE, "path": "/*/a"}]}}, "routes[0].path"),
        ({"routeConfig": {"routes": [{**ROUTE, "functionName": ""}]}}, "functionName"),
        ({"routeConfig": {"routes": [{**ROUTE, "methods": ["FLY"]}]}}, "'FLY'"),
        ({"routeConfig": {"routes": [ROUTE] * 101}}, "at most 100"),
        (
            {
                "routeConfig": {
                    "routes": [{**ROUTE, "rewriteConfig": {"regexRules": [{"match": "(", "replacement": ""}]}}]
                }
            },
            "regular expression",
        ),
    ],
)
def test_what_can_never_work_is_refused_and_named(tmp_path: Path, members: dict[str, Any], named: str):
    """400 with the member, and no domain made."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            reply = await on.call("POST", DOMAINS, {**shop(), **members})
            assert (reply.status, named in reply.document["ErrorMessage"]) == (400, True)
            assert (await on.call("GET", DOMAINS)).document == {"customDomains": []}

    run(main())
