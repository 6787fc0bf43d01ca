from typing import Any

import pytest

from liuyun.errors import ConcurrentUpdate, FlowExists, FlowNotFound, Invalid, InvalidDefinition
from liuyun.model.execution import FlowChanges, FlowSpec, StoredFlow, Variable
from liuyun.storage.database import Work
from liuyun.storage.stores import flows as store
from liuyun.testing.clock import FakeClock
from liuyun.testing.ids import CountingIds
from liuyun.workflow.flows import Flows
from tests.conftest import run
from tests.unit.workflow.world import ACCOUNT, PASS, REST, CountingDatabase, World


def spec(name: str = "f", definition: str = PASS, **parts) -> FlowSpec:
    return FlowSpec(name=name, definition=definition, **parts)


def test_what_was_said_of_a_flow_comes_back():
    """Everything, also what the platform doesn't act on."""

    async def main() -> None:
        flows = World().workflow.flows
        said = spec(
            description="d",
            role_arn="acs:ram::1:role/r",
            environment=(Variable("A", "1", "first"), Variable("B", "")),
            external_storage_location="/oss/bucket",
            resource_group_id="rg",
        )
        made = await flows.create(ACCOUNT, said)
        assert await flows.describe(ACCOUNT, "f") == made
        assert made.spec == said

    run(main())


def test_an_update_is_a_new_revision():
    """Its parts that weren't named stay, its times tell."""

    async def main() -> None:
        world = World()
        made = await world.workflow.flows.create(ACCOUNT, spec(description="old"))
        await world.clock.advance(5)
        changed = await world.workflow.flows.update(ACCOUNT, "f", FlowChanges(definition=REST))
        assert (changed.revision, changed.spec.definition, changed.spec.description) == (2, REST, "old")
        assert (changed.created_at, changed.updated_at) == (made.created_at, made.created_at + 5000)
        assert await world.workflow.flows.describe(ACCOUNT, "f") == changed

    run(main())


class LateDatabase(CountingDatabase):
    """Between what is read and what is written, somebody else is faster."""

    overtaken: StoredFlow

    async def read(self, work: Work[Any], /) -> Any:
        found = await super().read(work)
        await self.write(lambda tx: store.update(tx, self.overtaken, spec(description="faster"), 1))
        return found


def test_an_update_of_what_has_changed_meanwhile_is_refused():
    """The client may read again and retry; nobody's update is lost silently."""

    async def main() -> None:
        db = LateDatabase()
        flows = Flows(db=db, clock=FakeClock(), ids=CountingIds())
        db.overtaken = await flows.create(ACCOUNT, spec())
        with pytest.raises(ConcurrentUpdate):
            await flows.update(ACCOUNT, "f", FlowChanges(description="slower"))

    run(main())


def test_a_name_is_free_again_after_its_flow_was_deleted():
    """The new flow is another one."""

    async def main() -> None:
        flows = World().workflow.flows
        first = await flows.create(ACCOUNT, spec())
        with pytest.raises(FlowExists):
            await flows.create(ACCOUNT, spec())
        await flows.delete(ACCOUNT, "f")
        with pytest.raises(FlowNotFound):
            await flows.delete(ACCOUNT, "f")
        assert (await flows.create(ACCOUNT, spec())).flow_id != first.flow_id

    run(main())


def test_accounts_do_not_see_each_other():
    """Names are per account."""

    async def main() -> None:
        flows = World().workflow.flows
        await flows.create("111111", spec())
        await flows.create("222222", spec())
        await flows.delete("111111", "f")
        assert [flow.account_id for flow in (await flows.list("222222", limit=9, after="")).items] == ["222222"]

    run(main())


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        (spec(name="1st"), "Name"),
        (spec(description="d" * 5000), "Description"),
        (spec(environment=(Variable("A", "1"), Variable("A", "2"))), "A more than once"),
        (spec(environment=tuple(Variable(f"V{n}", "") for n in range(101))), "at most 100"),
    ],
)
def test_a_bad_flow_is_refused_and_not_stored(bad: FlowSpec, named: str):
    """The message names the part."""

    async def main() -> None:
        flows = World().workflow.flows
        with pytest.raises(Invalid, match=named):
            await flows.create(ACCOUNT, bad)
        assert (await flows.list(ACCOUNT, limit=9, after="")).items == []

    run(main())


def test_a_bad_update_leaves_the_flow_as_it_was():
    """Definitions are validated wholly before they are stored."""

    async def main() -> None:
        flows = World().workflow.flows
        made = await flows.create(ACCOUNT, spec())
        with pytest.raises(InvalidDefinition):
            await flows.update(ACCOUNT, "f", FlowChanges(definition="nonsense"))
        assert await flows.describe(ACCOUNT, "f") == made

    run(main())
