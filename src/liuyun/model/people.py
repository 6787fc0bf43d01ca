"""Who signs in to the console, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from liuyun.errors import Phrase, phrase


class Role(StrEnum):
    """Each may do what those before it may."""

    VIEWER = "viewer"  # sees everything but secrets
    OPERATOR = "operator"  # runs, stops and repeats things, edits configuration
    ADMINISTRATOR = "administrator"  # deploys code, and says who may do what

    def includes(self, other: "Role") -> bool:
        order = list(Role)
        return order.index(self) >= order.index(other)

    @property
    def phrase(self) -> Phrase:
        return ROLES[self]


ROLES = {
    Role.VIEWER: phrase("role_viewer", "viewer"),
    Role.OPERATOR: phrase("role_operator", "operator"),
    Role.ADMINISTRATOR: phrase("role_administrator", "administrator"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """`password_hash` is argon2's; it never leaves the identity service. A disabled user can't sign in."""

    name: str
    role: Role
    password_hash: str = field(repr=False)
    display_name: str = ""
    disabled: bool = False
    created_at: int = 0
    updated_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """`token` is the hash of what the browser holds, so that a stolen database opens nothing."""

    token: str
    user: str
    created_at: int
    expires_at: int
    ip: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One change that somebody made. `facts` never hold secrets."""

    sequence: int
    at: int
    actor: str
    action: str
    resource: str = ""
    request_id: str = ""
    ip: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
