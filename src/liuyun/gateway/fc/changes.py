"""What a change was made to, for the audit log."""

from collections.abc import Mapping
from typing import Any

import msgspec

from liuyun.gateway.http import Response
from liuyun.model.function import is_own

# What an answer calls it that was made just now, the narrowest first; the path names only where.
MADE = ("triggerName", "aliasName", "domainName", "layerName", "functionName", "versionId", "serviceName")


def changed(names: Mapping[str, str], response: Response) -> str:
    """As in `service/function/trigger`: what the path names, and what the answer calls new."""
    known = [name for name in names.values() if name and not is_own(name)]
    new = made(response)
    return "/".join(known if new in known or not new else [*known, new])


def made(response: Response) -> str:
    if not isinstance(response.body, bytes) or not response.body:
        return ""
    try:
        answered = msgspec.json.decode(response.body, type=dict[str, Any])
    except msgspec.DecodeError:
        return ""
    return str(next((answered[member] for member in MADE if answered.get(member)), ""))
