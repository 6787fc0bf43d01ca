"""Which bucket and object a request means."""

import pytest

from liuyun.gateway.oss.address import Address, address, is_vendor_host
from liuyun.gateway.oss.objects import part_of


@pytest.mark.parametrize(
    ("host", "path", "bucket", "key"),
    [
        ("127.0.0.1", "/shop/a%2Fb", "shop", "a/b"),
        ("localhost", "/shop/", "shop", ""),
        ("127.0.0.1", "/", "", ""),
        ("shop.oss-cn-hangzhou.aliyuncs.com", "/a/b%20c", "shop", "a/b c"),
        ("shop.oss-cn-hangzhou-internal.aliyuncs.com", "/", "shop", ""),
        ("oss-cn-hangzhou.aliyuncs.com", "/shop/k", "shop", "k"),
        ("shop.localhost", "/k", "shop", "k"),
    ],
)
def test_the_bucket_is_found_where_it_stands(host: str, path: str, bucket: str, key: str):
    """In the host's name where that can hold it, else in the path."""
    assert address(host, path) == Address(bucket, key)


def test_only_storage_hosts_are_of_storage():
    """Other products of the vendor have names of another form."""
    assert is_vendor_host("oss-cn-hangzhou.aliyuncs.com")
    assert not is_vendor_host("123.cn-hangzhou.fc.aliyuncs.com")
    assert not is_vendor_host("a.b.oss-cn-hangzhou.aliyuncs.com")
    assert not is_vendor_host("oss-cn-hangzhou.example.com")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=2-", (2, 8)),
        ("bytes=-3", (7, 3)),
        ("bytes=-30", (0, 10)),
        ("bytes=5-100", (5, 5)),
        ("bytes=10-", None),
        ("bytes=5-4", None),
        ("bytes=-0", None),
        ("bytes=-", None),
        ("bytes=0-1,4-5", None),
        ("", None),
    ],
)
def test_a_range_is_a_part_of_the_object(text: str, part: tuple[int, int] | None):
    """What can't be had is answered with all of it, as the vendor does."""
    assert part_of(text, 10) == part
