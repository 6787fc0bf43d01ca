"""Triggers: created, changed and deleted, and their events flowing for exactly as long.

A trigger is stored, then attached; detached, then removed. A crash in between leaves it stored, and the next start
attaches whatever is stored: attaching what is attached does nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from liuyun.catalog import rules
from liuyun.catalog.changes import check_etag
from liuyun.catalog.resolve import HTTP, Resolver
from liuyun.catalog.services import ETAG_BYTES, Replaced
from liuyun.catalog.states import newest_function, version_behind
from liuyun.clock import Clock
from liuyun.errors import Invalid, PlatformError, TriggerExists, TriggerNotFound
from liuyun.ids import Ids
from liuyun.model.function import Trigger
from liuyun.model.listing import Listing
from liuyun.model.page import Page
from liuyun.model.release import LATEST
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import triggers as store
from liuyun.storage.stores.triggers import FIRST, Key, key_of
from liuyun.triggers.base import TriggerKind
from liuyun.triggers.deliveries import Deliveries
from liuyun.triggers.registry import kind_named

log = structlog.get_logger()
MOST_TRIGGERS = 50  # of one function (fc contract 2)
PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerDraft:
    """What a caller says of a new trigger."""

    name: str
    kind: str
    config: Mapping[str, Any]
    qualifier: str = LATEST
    source_arn: str = ""
    invocation_role: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerChanges:
    """None leaves a part as it is; a key of `config` replaces the stored value of that key."""

    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    qualifier: str | None = None
    invocation_role: str | None = None
    description: str | None = None


class Triggers:
    """`replaced` is told of a function whose HTTP trigger changed. A key is (account_id, service, function, name)."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        ids: Ids,
        resolver: Resolver,
        kinds: Sequence[TriggerKind],
        replaced: Replaced,
        deliveries: Deliveries | None = None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._resolver = resolver
        self._kinds = kinds
        self._replaced = replaced
        self.deliveries = deliveries or Deliveries()

    async def start(self) -> None:
        """Attaches every stored trigger. One that can't be (its topic is gone) is logged and left as it is."""
        after = FIRST
        while triggers := await self._db.read(lambda tx, after=after: store.every(tx, after, PAGE)):
            for trigger in triggers:
                await self._attach_again(trigger)
            after = key_of(triggers[-1])

    async def create(self, account_id: str, service: str, function: str, draft: TriggerDraft) -> Trigger:
        """Raises Invalid, Unsupported, NotFound (service, function) or TriggerExists, and what attaching raises."""
        kind = kind_named(self._kinds, draft.kind)
        trigger = kind.validated(self._drafted(account_id, service, function, draft))
        check(trigger)
        await self._db.write(lambda tx: insert(tx, trigger, kind))
        try:
            await kind.attach(trigger)
        except Exception:
            await self._db.write(lambda tx: store.delete(tx, key_of(trigger)))
            raise
        await self._announce(trigger)
        return trigger

    async def get(self, key: Key) -> Trigger:
        """Raises ServiceNotFound, FunctionNotFound or TriggerNotFound."""
        return await self._db.read(lambda tx: existing(tx, key))

    async def update(self, key: Key, changes: TriggerChanges, *, if_match: str = "") -> Trigger:
        """Raises Invalid, TriggerNotFound, EtagMismatch, and what attaching raises."""
        now, etag = self._clock.now(), self._ids.hex(ETAG_BYTES)

        def work(tx: Transaction) -> Trigger:
            old = existing(tx, key)
            check_etag(if_match, old.etag)
            kind = kind_named(self._kinds, old.kind)
            if not kind.updatable:
                raise Invalid(
                    "trigger_fixed",
                    "a trigger of type {kind} can't be updated; delete it and create it again",
                    kind=old.kind,
                )
            new = kind.validated(replace(changed(old, changes), updated_at=now, etag=etag))
            check(new)
            check_place(tx, new, kind)
            store.update(tx, new)
            return new

        trigger = await self._db.write(work)
        await kind_named(self._kinds, trigger.kind).attach(trigger)
        await self._announce(trigger)
        return trigger

    async def list(self, account_id: str, service: str, function: str, listing: Listing) -> Page[Trigger]:
        """Raises ServiceNotFound or FunctionNotFound."""

        def work(tx: Transaction) -> list[Trigger]:
            newest_function(tx, account_id, service, function)
            return store.page(tx, (account_id, service, function), replace(listing, limit=listing.limit + 1))

        found = await self._db.read(work)
        more = len(found) > listing.limit
        return Page(found[: listing.limit], found[listing.limit - 1].name if more else None)

    async def delete(self, key: Key, *, if_match: str = "") -> None:
        """Raises ServiceNotFound, FunctionNotFound, TriggerNotFound or EtagMismatch."""
        trigger = await self.get(key)
        check_etag(if_match, trigger.etag)
        await self._drop(trigger)

    async def drop_all(self, account_id: str, service: str, function: str) -> None:
        """Deletes all triggers of a function."""
        everything = Listing(limit=MOST_TRIGGERS)
        for trigger in await self._db.read(lambda tx: store.page(tx, (account_id, service, function), everything)):
            await self._drop(trigger)

    async def _drop(self, trigger: Trigger) -> None:
        await kind_named(self._kinds, trigger.kind).detach(trigger)
        await self._db.write(lambda tx: store.delete(tx, key_of(trigger)))
        await self._announce(trigger)

    async def _attach_again(self, trigger: Trigger) -> None:
        try:
            await kind_named(self._kinds, trigger.kind).attach(trigger)
        except PlatformError as error:
            log.warning("trigger not attached", trigger=key_of(trigger), reason=error.message)

    async def _announce(self, trigger: Trigger) -> None:
        self._resolver.forget(trigger.account_id, trigger.service, trigger.function)
        if (
            trigger.kind == HTTP and trigger.qualifier == LATEST
        ):  # built-in runtimes call the handler in another way then
            await self._replaced(trigger.account_id, trigger.service, trigger.function)

    def _drafted(self, account_id: str, service: str, function: str, draft: TriggerDraft) -> Trigger:
        now = self._clock.now()
        return Trigger(
            account_id=account_id,
            service=service,
            function=function,
            name=draft.name,
            trigger_id=self._ids.uuid(),
            kind=draft.kind,
            config=draft.config,
            qualifier=draft.qualifier,
            source_arn=draft.source_arn,
            invocation_role=draft.invocation_role,
            description=draft.description,
            created_at=now,
            updated_at=now,
            etag=self._ids.hex(ETAG_BYTES),
        )


def changed(trigger: Trigger, changes: TriggerChanges) -> Trigger:
    return replace(
        trigger,
        config={**trigger.config, **changes.config},
        qualifier=trigger.qualifier if changes.qualifier is None else changes.qualifier,
        invocation_role=trigger.invocation_role if changes.invocation_role is None else changes.invocation_role,
        description=trigger.description if changes.description is None else changes.description,
    )


def check(trigger: Trigger) -> None:
    rules.check_name("triggerName", trigger.name, rules.LONGEST_TRIGGER)
    rules.check_length("description", trigger.description, rules.LONGEST_DESCRIPTION)
    rules.check_length("invocationRole", trigger.invocation_role, rules.LONGEST_ROLE)
    rules.check_length("sourceArn", trigger.source_arn, rules.LONGEST_ROLE)
    rules.check_config(trigger.config)


def insert(tx: Transaction, trigger: Trigger, kind: TriggerKind) -> None:
    newest_function(tx, trigger.account_id, trigger.service, trigger.function)
    if store.find(tx, key_of(trigger)) is not None:
        raise TriggerExists(trigger.function, trigger.name)
    check_place(tx, trigger, kind)
    if store.count(tx, key_of(trigger)[:3]) >= MOST_TRIGGERS:
        raise Invalid("triggers_most", "a function must have at most {most} triggers", most=MOST_TRIGGERS)
    store.insert(tx, trigger)


def check_place(tx: Transaction, trigger: Trigger, kind: TriggerKind) -> None:
    """Raises VersionNotFound or AliasNotFound for its qualifier, or TriggerExists if an exclusive one is there."""
    version_behind(tx, trigger.account_id, trigger.service, trigger.qualifier)
    if not kind.exclusive:
        return
    for other in store.find_kind(tx, key_of(trigger)[:3], trigger.kind, trigger.qualifier):
        if other.name != trigger.name:
            raise TriggerExists(trigger.function, other.name)


def existing(tx: Transaction, key: Key) -> Trigger:
    account_id, service, function, name = key
    newest_function(tx, account_id, service, function)
    trigger = store.find(tx, key)
    if trigger is None:
        raise TriggerNotFound(function, name)
    return trigger
