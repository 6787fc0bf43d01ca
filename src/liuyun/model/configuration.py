"""What is set for a function beside the function itself, and may differ between its qualifiers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ConfigKind(StrEnum):
    """`PROVISION` and `ON_DEMAND` say how many instances, `CONCURRENCY` how many of the account's are the function's,
    `ASYNC` how asynchronous invocations are treated, `RESTRICTION` that nobody may call it for the time being.
    """

    PROVISION = "provision"
    ON_DEMAND = "on-demand"
    CONCURRENCY = "concurrency"
    ASYNC = "async"
    RESTRICTION = "restriction"


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """What a configuration is for. `qualifier` is LATEST, a version or an alias, never empty."""

    account_id: str
    service: str
    qualifier: str
    function: str


@dataclass(frozen=True, slots=True)
class Configuration:
    """`document` has the members of the API, checked."""

    target: Target
    kind: ConfigKind
    document: Mapping[str, Any]
    created_at: int = 0
    updated_at: int = 0
