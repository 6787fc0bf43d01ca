"""Configuration as the API shows and takes it."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query
from pydantic import Field

from liuyun.errors import Invalid
from liuyun.gateway.console.models import LARGEST, Body, PhraseView
from liuyun.metadata.entries import EntryAt
from liuyun.metadata.reading import MASK
from liuyun.model.config import (
    ACCOUNT,
    PLATFORM,
    Change,
    Draft,
    DraftState,
    Effective,
    Entry,
    Json,
    Kind,
    Level,
    Revision,
    Schema,
    Scope,
)

Reason = Annotated[str, Field(max_length=500)]
Name = Annotated[str, Field(min_length=1, max_length=128)]
ScopeText = Annotated[
    str,
    Query(alias="scope", max_length=140, description="`platform`, `account` or `tenant/NAME`", examples=["account"]),
]
Unit = Annotated[str, Query(max_length=128, description="What a percentage roll-out counts: an order, a customer.")]


class SchemaView(Body):
    name: str
    document: dict[str, Any]
    revision: int
    kind: Kind
    description: str
    reviewed: bool
    author: str
    reason: str
    at: int


class SchemaChange(Body):
    document: dict[str, Any] = Field(description="JSON Schema 2020-12.")
    revision: int = Field(0, ge=0, le=LARGEST, description="The revision that was seen; 0 for a new schema.")
    kind: Kind = Kind.CONFIG
    description: Annotated[str, Field(max_length=500)] = ""
    reviewed: bool = False
    reason: Reason = ""
    migration: list[dict[str, Any]] = Field(default=[], max_length=100)


class SchemaList(Body):
    schemas: list[SchemaView]


class RevisionView(Body):
    number: int
    value: Json = None
    hidden: bool
    removed: bool
    author: str
    reason: str
    at: int


class RolloutView(Body):
    revision: RevisionView
    percent: float
    tenants: list[str]


class EntryView(Body):
    """What stands in one scope itself. `newest` is what the next change must name."""

    schema_name: str
    scope: str
    key: str
    newest: int
    current: RevisionView
    rollout: RolloutView | None = None


class EffectiveView(Body):
    """What a reader gets. `own` is the scope's own entry, if it has one."""

    key: str
    value: Json
    origins: dict[str, str]
    revision: int
    own: EntryView | None = None


class EffectiveList(Body):
    entries: list[EffectiveView]
    hidden: list[EntryView] = Field(description="Entries of the scope itself that hide what it would inherit.")
    sequence: int = Field(description="For the changes after this state.")
    next: str | None = Field(None, description="For `after`, if there is more.")


class EntryChange(Body):
    value: Json = None
    hidden: bool = Field(default=False, description="Here nothing of this key is seen, not even what is inherited.")
    revision: int = Field(0, ge=0, le=LARGEST, description="The newest revision that was seen; 0 for a new entry.")
    reason: Reason = ""


Seen = Annotated[
    int | None,
    Field(ge=1, le=LARGEST, description="The newest revision that was seen: any other is a conflict. None: whichever."),
]


class Reach(Body):
    """Whom a roll-out reaches."""

    percent: float = Field(0, ge=0, le=100)
    tenants: list[Name] = Field(default=[], max_length=1000)


class RolloutChange(Reach):
    revision: Seen = None


class NewRollout(EntryChange, Reach):
    pass


class Rollback(Body):
    to: int | None = Field(
        default=None,
        ge=1,
        le=LARGEST,
        description="A revision; none: the newest with another value, or the roll-out's end.",
    )
    revision: Seen = None


class History(Body):
    revisions: list[RevisionView]


class Checked(Body):
    problems: list[PhraseView]


class NewDraft(EntryChange):
    schema_name: Name
    key: Name
    scope: Annotated[str, Field(max_length=140)] = "account"
    removed: bool = False


class DraftView(Body):
    draft_id: str
    schema_name: str
    scope: str
    key: str
    base: int
    value: Json = None
    hidden: bool
    removed: bool
    author: str
    reason: str
    at: int
    state: DraftState
    reviewer: str
    comment: str


class DraftList(Body):
    drafts: list[DraftView]


class Review(Body):
    verdict: Literal["approve", "reject"]
    comment: Reason = ""


class ChangeView(Body):
    sequence: int
    schema_name: str
    scope: str
    key: str
    revision: int
    at: int


class News(Body):
    sequence: int
    changes: list[ChangeView]
    missed: bool = Field(description="Changes were forgotten before they were told: read everything again.")


def scope_of(text: str) -> Scope:
    """Raises Invalid."""
    level, _, tenant = text.partition("/")
    if text == "platform":
        return PLATFORM
    if text == "account":
        return ACCOUNT
    if level == "tenant" and tenant:
        return Scope(Level.TENANT, tenant)
    raise Invalid("scope_unknown", "scope must be platform, account or tenant/NAME, but is '{text}'", text=text[:140])


@dataclass(frozen=True, slots=True)
class Place:
    """The entry that a request is about."""

    schema: str
    scope: Scope
    key: str


def place(
    schema: Annotated[str, Path(max_length=128)],
    key: Annotated[str, Path(max_length=128)],
    scope: ScopeText = "account",
) -> Place:
    return Place(schema, scope_of(scope), key)


ThePlace = Annotated[Place, Depends(place)]


def seen_at(at: Place, revision: int | None) -> EntryAt:
    return EntryAt(at.schema, at.scope, at.key, revision)


def schema_view(schema: Schema) -> SchemaView:
    return SchemaView.model_validate(schema)


def revision_view(revision: Revision, *, secret: bool) -> RevisionView:
    view = RevisionView.model_validate(revision)
    if secret and view.value is not None:
        view.value = MASK
    return view


def entry_view(entry: Entry, *, secret: bool) -> EntryView:
    rollout = entry.rollout and RolloutView(
        revision=revision_view(entry.rollout.revision, secret=secret),
        percent=entry.rollout.percent,
        tenants=list(entry.rollout.tenants),
    )
    current = revision_view(entry.current, secret=secret)
    return EntryView(
        schema_name=entry.schema, scope=str(entry.scope), key=entry.key, newest=entry.newest, current=current,
        rollout=rollout,
    )  # fmt: skip


def effective_view(found: Effective, own: Entry | None, *, secret: bool) -> EffectiveView:
    return EffectiveView(
        key=found.key,
        value=found.value,
        origins=dict(found.origins),
        revision=found.revision,
        own=entry_view(own, secret=secret) if own is not None else None,
    )


def draft_view(draft: Draft, *, secret: bool) -> DraftView:
    return DraftView(
        draft_id=draft.draft_id, schema_name=draft.schema, scope=str(draft.scope), key=draft.key, base=draft.base,
        value=MASK if secret and draft.value is not None else draft.value, hidden=draft.hidden, removed=draft.removed,
        author=draft.author, reason=draft.reason, at=draft.at, state=draft.state, reviewer=draft.reviewer,
        comment=draft.comment,
    )  # fmt: skip


def change_view(change: Change) -> ChangeView:
    return ChangeView(
        sequence=change.sequence, schema_name=change.schema, scope=str(change.scope), key=change.key,
        revision=change.revision, at=change.at,
    )  # fmt: skip
