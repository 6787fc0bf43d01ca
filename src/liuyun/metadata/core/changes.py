"""What each change makes of the state, or why it can't be made. Nothing is stored here.

Every change names the newest revision that its author saw; if another has come since, it is refused. So is a change
after which any value that somebody could come to see would not fit its schema, or would refer to what isn't there.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from liuyun.errors import ConfigConflict, ConfigNotFound, Invalid, InvalidConfig, Phrase, phrase
from liuyun.metadata.core.checks import problems_of
from liuyun.metadata.core.schemas import MOST_PROBLEMS
from liuyun.metadata.core.state import State, with_entry
from liuyun.model.config import Change, Entry, Kind, Level, Problem, Revision, Rollout, Scope, Write

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """`revision` is new in the entry's history, if the change made one."""

    state: State
    entry: Entry
    change: Change
    revision: Revision | None = None


def put(state: State, write: Write, now: int) -> Outcome:
    """A new revision that everybody sees at once. Raises Invalid, ConfigNotFound, ConfigConflict or InvalidConfig."""
    entry, revision = next_of(state, write, now)
    return changed(state, entry, now, revision)


def next_of(state: State, write: Write, now: int) -> tuple[Entry, Revision]:
    """What a change makes of its entry. Whether that fits is left to check. Raises Invalid, ConfigNotFound or
    ConfigConflict.
    """
    check_write(state, write)
    old = state.find(write.schema, write.scope, write.key)
    if old is not None and old.rollout is not None:
        raise ConfigConflict(
            "rollout_first", "{entry} is being rolled out; finish or roll back that first", entry=place(write)
        )
    revision = revised(old, write, now)
    return Entry(schema=write.schema, scope=write.scope, key=write.key, current=revision), revision


def begin_rollout(state: State, write: Write, percent: float, tenants: Sequence[str], now: int) -> Outcome:
    """A new revision that only some see. Raises as `put` does."""
    check_write(state, write)
    old = state.find(write.schema, write.scope, write.key)
    if old is None or old.current.removed:
        raise ConfigNotFound(
            "rollout_only_changes",
            "{entry} is not there: only a change of an entry can be rolled out step by step",
            entry=place(write),
        )
    if old.rollout is not None:
        raise ConfigConflict(
            "rollout_already", "{entry} is being rolled out already; finish or roll back that first", entry=place(write)
        )
    revision = revised(old, write, now)
    rollout = Rollout(revision=revision, percent=checked_percent(percent), tenants=checked_tenants(tenants))
    return changed(state, replace(old, rollout=rollout), now, revision)


def move_rollout(state: State, entry: Entry, percent: float, tenants: Sequence[str], now: int) -> Outcome:
    """More or fewer see the newer revision. Raises Invalid or ConfigConflict."""
    rollout = rolling(entry)
    moved = replace(rollout, percent=checked_percent(percent), tenants=checked_tenants(tenants))
    return changed(state, replace(entry, rollout=moved), now)


def finish_rollout(state: State, entry: Entry, now: int, author: str) -> Outcome:
    """Everybody sees the newer revision, under the next number: who read the older value while both were seen, and
    knows only the newest number of then, must not overwrite the newer one with what they made of it.
    Raises ConfigConflict.
    """
    newer = rolling(entry).revision
    reason = f"roll-out of revision {newer.number} was finished"
    revision = replace(newer, number=newer.number + 1, author=author, reason=reason, at=now)
    return changed(state, replace(entry, current=revision, rollout=None), now, revision)


def cancel_rollout(state: State, entry: Entry, now: int, author: str) -> Outcome:
    """Nobody sees the newer revision any more; the older one comes back as it was, under the next number.
    Raises ConfigConflict.
    """
    number = rolling(entry).revision.number
    reason = f"roll-out of revision {number} was rolled back"
    revision = replace(entry.current, number=number + 1, author=author, reason=reason, at=now)
    return changed(state, replace(entry, current=revision, rollout=None), now, revision)


def changed(state: State, entry: Entry, now: int, revision: Revision | None = None) -> Outcome:
    new = replace(with_entry(state, entry), sequence=state.sequence + 1)
    refuse(problems_of(new, [(entry.schema, entry.key)]))
    change = Change(new.sequence, entry.schema, entry.scope, entry.key, entry.newest, now)
    return Outcome(new, entry, change, revision)


def refuse(problems: Iterable[Problem]) -> None:
    """Raises InvalidConfig with the first problems, if there are any."""
    found = list(islice(problems, MOST_PROBLEMS))
    if found:
        raise InvalidConfig(found)


def check_write(state: State, write: Write) -> None:
    schema = state.schemas.get(write.schema)
    if schema is None:
        raise ConfigNotFound("schema_missing", "there is no schema '{name}'", name=write.schema[:128])
    check_name(phrase("name_of_key", "key"), write.key)
    check_scope(write.scope)
    if len(write.reason) > LONGEST_REASON:
        raise Invalid("reason_long", "the reason must have at most {longest} characters", longest=LONGEST_REASON)
    if schema.kind is Kind.SECRET and not (isinstance(write.value, str) or write.hidden or write.removed):
        raise Invalid("secret_text", "the value of a secret is a text")
    old = state.find(write.schema, write.scope, write.key)
    newest = old.newest if old is not None else 0
    created_again = old is not None and old.current.removed and not write.expected
    if not created_again:
        check_seen(place(write), newest, write.expected)
    if write.removed and (old is None or old.current.removed):
        raise ConfigNotFound("entry_missing", "{entry} is not there", entry=place(write))


def check_seen(entry: Phrase, newest: int, expected: int) -> None:
    """Raises ConfigConflict if somebody has changed the entry since its next author looked."""
    if expected != newest:
        raise ConfigConflict(
            "entry_revision",
            "{entry} is at revision {newest}, but the change was made against {expected}: read it "
            "again, and repeat the change if it is still wanted",
            entry=entry,
            newest=newest,
            expected=expected,
        )


def check_review(state: State, name: str) -> None:
    """Raises ConfigConflict if entries of this schema are changed by drafts alone."""
    schema = state.schemas.get(name)
    if schema is not None and schema.reviewed:
        raise ConfigConflict(
            "draft_needed",
            "entries of '{name}' change only through a draft that somebody else approved; propose one",
            name=name,
        )


def revised(old: Entry | None, write: Write, now: int) -> Revision:
    return Revision(
        number=(old.newest if old is not None else 0) + 1,
        value=None if write.hidden or write.removed else write.value,
        hidden=write.hidden,
        removed=write.removed,
        author=write.author,
        reason=write.reason,
        at=now,
    )


def rolling(entry: Entry) -> Rollout:
    if entry.rollout is None:
        raise ConfigConflict(
            "rollout_none",
            "{schema}/{key} at {scope} is not being rolled out",
            schema=entry.schema,
            key=entry.key,
            scope=entry.scope,
        )
    return entry.rollout


def check_name(what: Phrase, name: str) -> None:
    if NAME.fullmatch(name) is None:
        raise Invalid(
            "config_name",
            "{what} must have 1 to 128 letters, digits, '.', '_' or '-' and begin with a letter or "
            "digit, but is '{name}'",
            what=what,
            name=name[:128],
        )


def check_scope(scope: Scope) -> None:
    if scope.level is Level.TENANT:
        check_name(phrase("name_of_tenant", "the tenant of a scope"), scope.tenant)


def checked_percent(percent: float) -> float:
    if not 0 <= percent <= 100:  # also no number at all
        raise Invalid("percent_range", "percent must be from 0 to 100, but is {percent}", percent=percent)
    return percent


def checked_tenants(tenants: Sequence[str]) -> tuple[str, ...]:
    for tenant in tenants:
        check_name(phrase("name_of_rollout_tenant", "a tenant of a roll-out"), tenant)
    return tuple(sorted(set(tenants)))


def place(write: Write) -> Phrase:
    return entry_at(write.schema, write.key, write.scope)


def entry_at(schema: str, key: str, scope: Scope) -> Phrase:
    return phrase("entry_at", "{schema}/{key} at {scope}", schema=schema, key=key, scope=scope)
