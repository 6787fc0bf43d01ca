"""Versions and aliases: which state of a service's functions a caller gets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LATEST = "LATEST"  # the state that changes; every other one is a version
RANDOM, CONTENT = "Random", "Content"  # how an alias divides its calls


@dataclass(frozen=True, slots=True)
class Version:
    """A service and all its functions as they were when it was published. `content` tells one state from another."""

    account_id: str
    service: str
    number: int
    description: str = ""
    content: str = ""
    created_at: int = 0

    @property
    def version_id(self) -> str:
        return str(self.number)


@dataclass(frozen=True, slots=True)
class Alias:
    """A name for a version. `weights` send shares of the calls (0 to 1) to other versions.

    `resolve_policy` is Random, or Content: then `route_policy` says which HTTP requests go to the other version; all
    other calls go to the main one.
    """

    account_id: str
    service: str
    name: str
    version_id: str
    description: str = ""
    weights: Mapping[str, float] = field(default_factory=dict[str, float])
    resolve_policy: str = RANDOM
    route_policy: Mapping[str, Any] = field(default_factory=dict[str, Any])
    created_at: int = 0
    updated_at: int = 0
    etag: str = ""
