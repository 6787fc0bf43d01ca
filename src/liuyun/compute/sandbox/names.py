"""The vendor's host names that mean this platform.

Inside a sandbox they stand in `/etc/hosts`; a client that uses the platform as its proxy names them in its requests.
"""

from collections.abc import Iterable

DOMAIN = ".aliyuncs.com"
OBJECTS = "oss-"  # object storage has the region in the same label, and the bucket before it
CONFIG = "liuyun-config"  # the vendor has no such product: its own `config` is another one, and the internet's
PRODUCTS = frozenset({"fc", "fnf", "mns", CONFIG})
REGIONS = ("cn-hangzhou", "cn-shanghai", "cn-beijing", "cn-shenzhen")  # those that the classic SDK maps by name


def is_vendor_host(host: str) -> bool:
    """Whether a host name is one of a product that this platform speaks; other products are the internet's."""
    labels = host.removesuffix(DOMAIN).split(".")
    return host.endswith(DOMAIN) and (not PRODUCTS.isdisjoint(labels) or labels[-1].startswith(OBJECTS))


def vendor_hosts(account_id: str, region: str) -> tuple[str, ...]:
    """All names under which clients look for the platform from inside a function of this account."""
    regions = dict.fromkeys((*REGIONS, region))
    regional = (name for each in regions for name in regional_hosts(account_id, each))
    return (*regional, CONFIG + DOMAIN)


def regional_hosts(account_id: str, region: str) -> Iterable[str]:
    for network in ("", "-internal"):
        yield f"{region}{network}.fnf{DOMAIN}"
        yield f"{account_id}.{region}{network}.fc{DOMAIN}"
        yield f"fnf.{region}{network}{DOMAIN}"
        yield f"{OBJECTS}{region}{network}{DOMAIN}"
    for network in ("", "-internal", "-internal-vpc"):
        yield f"{account_id}.mns.{region}{network}{DOMAIN}"
