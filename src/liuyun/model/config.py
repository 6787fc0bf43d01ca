"""Configuration as data: schemas, entries in scopes, their revisions, drafts and roll-outs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from liuyun.errors import Phrase, phrase

Json: TypeAlias = Any


class Level(StrEnum):
    PLATFORM = "platform"
    ACCOUNT = "account"
    TENANT = "tenant"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom an entry is for. Written `platform`, `account` or `tenant/NAME`."""

    level: Level
    tenant: str = ""

    def __str__(self) -> str:
        return f"{self.level}/{self.tenant}" if self.tenant else str(self.level)


PLATFORM, ACCOUNT = Scope(Level.PLATFORM), Scope(Level.ACCOUNT)


class Kind(StrEnum):
    CONFIG = "config"
    SECRET = "secret"  # noqa: S105 - the word, not one of them: sealed at rest, and never shown again


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """What entries of one kind look like. `document` is JSON Schema 2020-12.

    `reviewed` entries change only through drafts that another person approved.
    """

    name: str
    document: Mapping[str, Any]
    revision: int
    kind: Kind = Kind.CONFIG
    description: str = ""
    reviewed: bool = False
    author: str = ""
    reason: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One state of an entry. `hidden`: here nothing is inherited, and nothing stands in its place.

    The value of a secret is its sealed text.
    """

    number: int
    value: Json = None
    hidden: bool = False
    removed: bool = False  # the entry went with this revision; what is inherited shows again
    author: str = ""
    reason: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """A newer revision that only some see so far: the named tenants, and `percent` of all units."""

    revision: Revision
    percent: float = 0.0
    tenants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`current` is what everybody sees whom `rollout` doesn't reach."""

    schema: str
    scope: Scope
    key: str
    current: Revision
    rollout: Rollout | None = None

    @property
    def newest(self) -> int:
        """The number that the next change must name."""
        return max(self.current.number, self.rollout.revision.number if self.rollout else 0)


Origin: TypeAlias = Mapping[str, str]  # property -> the scope it comes from; "" for a value that is no object


@dataclass(frozen=True, slots=True)
class Effective:
    """What a reader gets: the value after inheritance, and where each of its properties comes from."""

    key: str
    value: Json
    origins: Origin
    revision: int  # of the nearest scope that has an entry


class DraftState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    PUBLISHED = "published"

    @property
    def phrase(self) -> Phrase:
        return DRAFT_STATES[self]


DRAFT_STATES = {
    DraftState.OPEN: phrase("draft_is_open", "open"),
    DraftState.APPROVED: phrase("draft_is_approved", "approved"),
    DraftState.REJECTED: phrase("draft_is_rejected", "rejected"),
    DraftState.PUBLISHED: phrase("draft_is_published", "published"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A proposed change. `base` is the revision it was written against; 0: there was none.

    `sealed`: it is of a secret, and its value is the sealed text.
    """

    draft_id: str
    schema: str
    scope: Scope
    key: str
    base: int
    value: Json = None
    hidden: bool = False
    removed: bool = False
    author: str = ""
    reason: str = ""
    at: int = 0
    state: DraftState = DraftState.OPEN
    reviewer: str = ""
    comment: str = ""
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What watchers are told: which entry moved. `sequence` grows by one with every change of anything."""

    sequence: int
    schema: str
    scope: Scope
    key: str
    revision: int
    at: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a value can't be: where it stands, and what is wrong there."""

    schema: str
    key: str
    scope: "Scope"
    at: str  # a JSON pointer, or empty: the whole entry
    what: Phrase

    @property
    def phrase(self) -> Phrase:
        place = {"schema": self.schema, "key": self.key, "scope": self.scope, "what": self.what}
        if not self.at:
            return phrase("problem_of_entry", "{schema}/{key} at {scope}: {what}", **place)
        return phrase("problem_of_value", "{schema}/{key} at {scope}: {at}: {what}", at=self.at, **place)

    def __str__(self) -> str:
        return str(self.phrase)


@dataclass(frozen=True, slots=True)
class Write:
    """A change that a caller asks for. `expected`: the newest revision that the caller has seen; 0 for a new entry."""

    schema: str
    scope: Scope
    key: str
    expected: int
    value: Json = None
    hidden: bool = False
    removed: bool = False
    author: str = ""
    reason: str = ""
