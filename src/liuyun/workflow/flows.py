"""Flows: what an account may start. Definitions are validated wholly before they are stored."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from liuyun.clock import Clock
from liuyun.errors import ConcurrentUpdate, FlowExists, FlowNotFound, Invalid
from liuyun.ids import Ids
from liuyun.model.execution import FlowChanges, FlowSpec, StoredFlow
from liuyun.model.page import Page
from liuyun.storage.database import Database
from liuyun.storage.stores import flows as store
from liuyun.workflow.cache import Recent
from liuyun.workflow.definition.parse import parse
from liuyun.workflow.definition.steps import Flow

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,127}")
MAX_DESCRIPTION = 4096
MAX_VARIABLES = 100
PARSED_FLOWS = 1024  # kept in memory


@dataclass(frozen=True, slots=True)
class ReadyFlow:
    """A flow at one revision, ready to run."""

    stored: StoredFlow
    flow: Flow


class Flows:
    def __init__(self, *, db: Database, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._by_name: Recent[tuple[str, str], ReadyFlow] = Recent(PARSED_FLOWS)
        self._by_revision: Recent[tuple[str, str, int], ReadyFlow] = Recent(PARSED_FLOWS)
        self._changes = 0
        self.on_deleted: Callable[[], None] = lambda: None

    async def create(self, account_id: str, spec: FlowSpec) -> StoredFlow:
        check_name("Name", spec.name)
        check_spec(spec)
        parse(spec.definition)
        now = self._clock.now()
        flow = StoredFlow(
            account_id=account_id, flow_id=self._ids.uuid(), revision=1, spec=spec, created_at=now, updated_at=now
        )
        if not await self._db.write(lambda tx: store.insert(tx, flow)):
            raise FlowExists(spec.name)
        return flow

    async def update(self, account_id: str, name: str, changes: FlowChanges, *, seen: int | None = None) -> StoredFlow:
        """Executions that run keep the definition that they began with. `seen`: the revision that the changes are meant
        for. Raises ConcurrentUpdate.
        """
        old = await self.describe(account_id, name)
        if seen is not None and seen != old.revision:
            raise ConcurrentUpdate(
                "flow_changed_look",
                "Flow {name} was changed meanwhile; look at it again and repeat your change.",
                name=name,
            )
        spec = changed(old.spec, changes)
        check_spec(spec)
        parse(spec.definition)
        now = self._clock.now()
        new = await self._db.write(lambda tx: store.update(tx, old, spec, now))
        if new is None:
            raise ConcurrentUpdate("flow_changed", "Flow {name} was changed meanwhile; please retry.", name=name)
        self.forget(account_id, name)
        return new

    async def describe(self, account_id: str, name: str) -> StoredFlow:
        found = await self._db.read(lambda tx: store.find(tx, account_id, name))
        if found is None:
            raise FlowNotFound(name)
        return found

    async def list(self, account_id: str, *, limit: int, after: str) -> Page[StoredFlow]:
        found = await self._db.read(lambda tx: store.page(tx, account_id, after=after, limit=limit + 1))
        return Page(found[:limit], found[limit - 1].name if len(found) > limit else None)

    async def delete(self, account_id: str, name: str) -> None:
        """Its executions can't be found any more, not even under a new flow of that name; running ones are stopped."""
        now = self._clock.now()
        if not await self._db.write(lambda tx: store.delete(tx, account_id, name, now)):
            raise FlowNotFound(name)
        self.forget(account_id, name)
        self.on_deleted()

    async def current(self, account_id: str, name: str) -> ReadyFlow:
        """The flow for a new execution, from memory if possible; whose commit sees whether it still is."""
        ready = self._by_name.get((account_id, name))
        if ready is None:
            changes = self._changes
            ready = self._remember(await self.describe(account_id, name))
            if changes == self._changes:  # else it may be old already
                self._by_name.put((account_id, name), ready)
        return ready

    def at_hand(self, account_id: str, name: str) -> ReadyFlow | None:
        """The same, if it is in memory."""
        return self._by_name.get((account_id, name))

    def forget(self, account_id: str, name: str) -> None:
        """What is remembered under this name is old."""
        self._changes += 1
        self._by_name.forget((account_id, name))

    def remembered_id(self, account_id: str, name: str) -> str | None:
        """The id of a flow that was started lately; None says nothing."""
        ready = self.at_hand(account_id, name)
        return None if ready is None else ready.stored.flow_id

    async def at_revision(self, account_id: str, flow_id: str, revision: int) -> ReadyFlow:
        """The flow that an execution began with, whatever became of it since."""
        ready = self._by_revision.get((account_id, flow_id, revision))
        if ready is None:
            found = await self._db.read(lambda tx: store.find_revision(tx, account_id, flow_id, revision))
            assert found is not None, "a revision is not removed before the executions that began with it"
            ready = self._remember(found)
        return ready

    def _remember(self, stored: StoredFlow) -> ReadyFlow:
        key = (stored.account_id, stored.flow_id, stored.revision)
        ready = self._by_revision.get(key) or ReadyFlow(stored, parse(stored.spec.definition))
        self._by_revision.put(key, ready)
        return ready


def changed(spec: FlowSpec, changes: FlowChanges) -> FlowSpec:
    return replace(
        spec,
        definition=spec.definition if changes.definition is None else changes.definition,
        description=spec.description if changes.description is None else changes.description,
        role_arn=spec.role_arn if changes.role_arn is None else changes.role_arn,
        environment=spec.environment if changes.environment is None else changes.environment,
    )


def check_name(parameter: str, name: str) -> None:
    """The rule for names of flows and executions (fnf contract section 2)."""
    if not NAME.fullmatch(name):
        raise Invalid(
            "flow_name",
            "Parameter error. {parameter} must have 1 to 128 letters, digits, _ or -, and begin with "
            "a letter or _; '{name}' does not.",
            parameter=parameter,
            name=name[:128],
        )


def check_spec(spec: FlowSpec) -> None:
    if len(spec.description) > MAX_DESCRIPTION:
        raise Invalid(
            "flow_description",
            "Parameter error. Description must have at most {most} characters.",
            most=MAX_DESCRIPTION,
        )
    if len(spec.environment) > MAX_VARIABLES:
        raise Invalid(
            "flow_variables", "Parameter error. Environment must have at most {most} variables.", most=MAX_VARIABLES
        )
    names = [variable.name for variable in spec.environment]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Invalid(
            "flow_variables_twice", "Parameter error. Environment names {twice} more than once.", twice=", ".join(twice)
        )
