"""Custom domains: functions behind host names of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Rewrite:
    """`kind` is equal, wildcard or regex."""

    kind: str
    match: str
    replacement: str


@dataclass(frozen=True, slots=True)
class DomainRoute:
    """`path` is a whole path, or ends with `*`. Without `methods` it takes all of them."""

    path: str
    service: str
    function: str
    qualifier: str = ""
    methods: tuple[str, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()


@dataclass(frozen=True, slots=True)
class Domain:
    """`config` holds its members as they are on the wire, `sealed_key` its certificate's private key."""

    account_id: str
    name: str
    protocol: str = "HTTP"
    routes: tuple[DomainRoute, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    sealed_key: str = ""
    created_at: int = 0
    updated_at: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether it takes requests without TLS."""
        return self.protocol.startswith("HTTP,") or self.protocol == "HTTP"

    @property
    def is_secure(self) -> bool:
        """Whether it takes requests by TLS."""
        return self.protocol.endswith("HTTPS")

    @property
    def certificate(self) -> str:
        """In PEM form; empty if it has none of its own."""
        config: Mapping[str, Any] = self.config.get("certConfig") or {}
        return config.get("certificate") or ""


@dataclass(frozen=True, slots=True)
class Routed:
    """The function that a request on a domain is for, and the path that it sees."""

    account_id: str
    service: str
    qualifier: str
    function: str
    path: str
