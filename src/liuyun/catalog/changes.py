"""What a caller wants a service or a function to become, and what it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from liuyun.errors import EtagMismatch
from liuyun.model.function import Function, Service


@dataclass(frozen=True, slots=True)
class ZipFile:
    """Code as it was uploaded. `checksum` is the CRC-64 that the caller announced; empty: not announced."""

    content: bytes
    checksum: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChanges:
    """None leaves a part as it is; a key of `config` replaces the stored value of that key."""

    description: str | None = None
    role: str | None = None
    internet_access: bool | None = None
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionChanges:
    """None leaves a part as it is; a key of `config` replaces the stored value of that key."""

    runtime: str | None = None
    handler: str | None = None
    description: str | None = None
    memory_mb: int | None = None
    timeout_s: int | None = None
    initializer: str | None = None
    initialization_timeout_s: int | None = None
    instance_concurrency: int | None = None
    environment: Mapping[str, str] | None = None
    layers: tuple[str, ...] | None = None
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    code: ZipFile | None = None


def changed_service(service: Service, changes: ServiceChanges) -> Service:
    return replace(service, **given(changes, but={"config"}), config={**service.config, **changes.config})


def changed_function(function: Function, changes: FunctionChanges) -> Function:
    """All but its code, which isn't decided here."""
    return replace(function, **given(changes, but={"config", "code"}), config={**function.config, **changes.config})


def given(changes: ServiceChanges | FunctionChanges, but: set[str]) -> dict[str, Any]:
    values = {item.name: getattr(changes, item.name) for item in fields(changes) if item.name not in but}
    return {name: value for name, value in values.items() if value is not None}


def check_etag(if_match: str, etag: str) -> None:
    """Raises EtagMismatch unless the condition is empty, `*`, or names this state, quoted or not."""
    if if_match not in {"", "*"} and if_match.strip('"') != etag:
        raise EtagMismatch(
            "etag_mismatch", "the resource has changed: its ETag is not the one in If-Match; read it again and retry"
        )
