"""A request as the web layer hands it on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Asked:
    """What stands in its path, and its JSON body."""

    path: dict[str, str]
    body: Any = None


Handler = Callable[[Asked], tuple[int, dict[str, Any]]]
