"""Which bucket and object a request means: by its path, or by the name of its host. Source: triggers contract 3.1."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote

VENDOR = ".aliyuncs.com"
LOCAL = ".localhost"


@dataclass(frozen=True, slots=True)
class Address:
    """Both empty: the service itself; no key: the bucket."""

    bucket: str
    key: str

    @property
    def resource(self) -> str:
        """What is signed, wherever the bucket stood."""
        return f"/{self.bucket}/{self.key}" if self.bucket else "/"


def is_vendor_host(host: str) -> bool:
    """`oss-{region}[-internal].aliyuncs.com`, with or without a bucket before it."""
    labels = host.removesuffix(VENDOR).split(".")
    return host.endswith(VENDOR) and len(labels) <= 2 and labels[-1].startswith("oss-")


def address(host: str, raw_path: str) -> Address:
    """`host` without its port."""
    path = unquote(raw_path).removeprefix("/")
    if bucket := bucket_of(host):
        return Address(bucket, path)
    bucket, _, key = path.partition("/")
    return Address(bucket, key)


def bucket_of(host: str) -> str:
    """The bucket in a host's name; empty where it stands in the path."""
    if is_address(host):
        return ""
    if is_vendor_host(host):
        labels = host.removesuffix(VENDOR).split(".")
        return labels[0] if len(labels) == 2 else ""
    return host.removesuffix(LOCAL) if host.endswith(LOCAL) else ""


def is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
