"""Whose a request is."""

from typing import Any

import pytest

from liuyun.gateway.http import Headers, Request
from liuyun.gateway.oss.product import OssProduct
from liuyun.settings import Limits

OWN = 7081


def product(port: int | None) -> OssProduct:
    unused: Any = None
    return OssProduct(store=unused, authenticator=unused, limits=Limits(), port=port)


def request(path: str, port: int, **headers: str) -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    raw = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Request("GET", path, "", Headers(raw), "id", "127.0.0.1", receive, port=port)


@pytest.mark.parametrize("path", ["/", "/2016-08-15/services", "/healthz", "/queues/q"])
def test_on_its_own_port_everything_is_object_storage(path: str):
    """Whatever a bucket is called; nothing on other ports, and nothing at all where there is none."""
    assert product(OWN).matches(request(path, OWN))
    assert not product(OWN).matches(request(path, 7080, authorization="OSS a:b"))
    assert not product(0).matches(request(path, 0))


def test_on_the_shared_port_it_knows_its_own():
    """By the vendor's host names and by its signatures."""
    shared = product(None)
    assert shared.matches(request("/k", 7080, host="shop.oss-cn-hangzhou.aliyuncs.com"))
    assert shared.matches(request("/shop/k", 7080, host="127.0.0.1:7080", authorization="OSS a:b"))
    assert not shared.matches(request("/k", 7080, host="1.cn-hangzhou.fc.aliyuncs.com", authorization="OSS a:b"))
    assert not shared.matches(request("/shop/k", 7080, host="127.0.0.1:7080", authorization="FC a:b"))
