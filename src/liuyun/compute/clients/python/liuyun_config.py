"""The platform's configuration, as functions read it.

    import liuyun_config
    discount = liuyun_config.value("payment-method", "weixin", {}, tenant="market").get("discount", 0)

An answer is kept for FRESH_S seconds, so a handler may ask in every call. Nothing else than Python is needed.
"""

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

ADDRESS = "http://liuyun-config.aliyuncs.com/api/config/values"
FRESH_S = 1.0
TIMEOUT_S = 10
MOST_KEPT = 256  # answers

_kept: dict[str, tuple[float, bytes]] = {}  # by address: until when it is good, and the answer ("" for nothing)
_lock = threading.Lock()


def value(schema: str, key: str, default: Any = None, *, tenant: str = "", unit: str = "") -> Any:
    """What a tenant (none: the account) has under a key; `default` if nothing.

    `unit` is what a roll-out by percentage counts: an order, a customer. Raises OSError if the platform can't answer.
    """
    answer = _ask(f"/{_quoted(schema)}/{_quoted(key)}", tenant, unit)
    return json.loads(answer) if answer else default


def values(schema: str, *, tenant: str = "", unit: str = "") -> dict[str, Any]:
    """Everything that a tenant (none: the account) has of a schema, by key."""
    answer = _ask(f"/{_quoted(schema)}", tenant, unit)
    return json.loads(answer) if answer else {}


def _ask(path: str, tenant: str, unit: str) -> bytes:
    address = f"{ADDRESS}{path}?{urllib.parse.urlencode({'tenant': tenant, 'unit': unit})}"
    with _lock:
        until, answer = _kept.get(address, (0.0, b""))
    if time.monotonic() < until:
        return answer
    answer = _fetch(address)
    with _lock:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[address] = (time.monotonic() + FRESH_S, answer)
    return answer


def _fetch(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_S) as response:  # noqa: S310 - its scheme is fixed
            return response.read()
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 404:
                return b""
            raise OSError(f"the configuration answered {error.code}: {error.read(500)!r}") from None


def _quoted(name: str) -> str:
    return urllib.parse.quote(name, safe="")
