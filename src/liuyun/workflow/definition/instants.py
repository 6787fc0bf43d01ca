"""RFC 3339 instants, as epoch milliseconds."""

import re
from datetime import datetime

RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def parse_instant(text: str) -> int:
    """Raises ValueError."""
    if RFC3339.fullmatch(text) is None:
        raise ValueError(text)
    return round(datetime.fromisoformat(text.upper()).timestamp() * 1000)
