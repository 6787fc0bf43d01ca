"""Addresses that look like others, as bytes over a socket: no client tidies them up on the way."""

import json
import re
import socket

import pytest

from liuyun.testing.platform import Running
from tests.contract.console.client import Client

TRICKS = [
    "/api/users", "//api/users", "/api//users", "/api/./users", "/api/session/../users", "/console/../api/users",
    "/console/%2e%2e/api/users", "/console/..%2fapi/users", "/console/..%5capi%5cusers", "/playground/../api/users",
    "/api/%75sers", "/%61pi/users", "/api%2fusers", "/API/users", "/Api/Users", "/api/users/", "/api/users%00",
    "/api/users;x=1", "/api/users?x=/api/session", "/api/users%3f", "/api/session%2f..%2fusers",
    "/api/openapi.json/../users", "/console?/../api/users", "/.//api/users", "/2016-08-15/../api/users",
    "http://127.0.0.1/api/users", "http://elsewhere.example.com/api/users", "HTTP://127.0.0.1//api/users",
    "/metrics/../api/users", "\\api\\users", "http:/api/users", "api/users", "*",
]  # fmt: skip


def sent(running: Running, method: str, target: str, *headers: str) -> tuple[int, bytes]:
    with socket.create_connection(("127.0.0.1", running.port), timeout=30) as sock:
        lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", "Content-Length: 0", *headers]
        sock.sendall("\r\n".join([*lines, "", ""]).encode())
        whole = b"".join(iter(lambda: sock.recv(65536), b""))
    status = re.match(rb"HTTP/1\.1 (\d{3}) ", whole)
    assert status is not None, whole[:200]
    return int(status[1]), whole.partition(b"\r\n\r\n")[2]


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize("target", TRICKS)
def test_no_address_leads_past_the_door(running: Running, target: str):
    """Without a session: refused, or not there, or the console's first page; and a deletion happens by none."""
    status, body = sent(running, "GET", target)
    assert status in {400, 401, 403, 404, 405} or (status == 200 and b"<!doctype html>" in body.lower()), body[:300]
    assert b"displayName" not in body
    status, _ = sent(running, "DELETE", target.replace("users", "users/sample"))
    assert status in {400, 401, 403, 404, 405}


def test_an_address_is_what_was_signed_in_for(running: Running, client: Client):
    """The same bytes with a session: an encoded letter is that letter, what has other slashes or dots isn't there."""
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    found = {target: sent(running, "GET", target, f"Cookie: {cookie}") for target in TRICKS}
    there = {target for target, (status, body) in found.items() if status == 200 and b"displayName" in body}
    assert {json.loads(found[target][1])["users"][0]["name"] for target in there} == {"admin"}
    whole = {"http://127.0.0.1/api/users", "http://elsewhere.example.com/api/users"}  # as proxies are asked
    assert there == {"/api/users", "/api/%75sers", "/api/users?x=/api/session"} | whole


def test_the_users_are_all_there(client: Client):
    """After all that."""
    listed = client.get(f"{client.endpoint}/api/users").json()["users"]
    assert {user["name"] for user in listed} >= {"admin", "sample"}
