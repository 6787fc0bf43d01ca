"""Whatever happens to a run, in whatever order, however often: its history tells it all."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from liuyun.workflow.core.activations import (
    Activation,
    ReportFailed,
    ReportSucceeded,
    Start,
    Stop,
    TaskFailed,
    TaskReturned,
    TimerFired,
)
from liuyun.workflow.core.decide import decide
from liuyun.workflow.core.events import Event
from liuyun.workflow.core.explain import explain
from liuyun.workflow.definition import parse
from tests.property.flows import ERRORS, flow_texts, inputs, objects, outputs
from tests.property.world import LIMITS, World

MOMENTS = 25
errors = st.sampled_from(ERRORS)


def news(draw: st.DrawFn, world: World) -> Activation:
    """Mostly something that the run waits for; else an answer to any effect, or the end of any timer, ever."""
    if draw(st.integers(0, 40)) == 0:
        return Stop("Stopped", "by hand")
    named = sorted(world.expected)
    if not named or draw(st.integers(0, 3)) == 0:
        named = sorted(world.asked | set(world.timers) | {1})
    event_ids = st.sampled_from(named)
    if draw(st.integers(0, 3)) == 0:
        return TimerFired(draw(event_ids))
    return draw(
        st.one_of(
            st.builds(TaskReturned, event_ids, outputs),
            st.builds(TaskReturned, event_ids, objects),
            st.builds(TaskFailed, event_ids, errors, st.just("why")),
            st.builds(ReportSucceeded, event_ids, objects),
            st.builds(ReportFailed, event_ids, errors, st.just("why")),
        )
    )


@st.composite
def lives(draw: st.DrawFn) -> tuple[World, World]:
    """Two worlds that hear the same news; the second one also hears old news again, and crashes."""
    flow = parse(draw(flow_texts()))
    calm, rough = World(flow), World(flow)
    start = Start(draw(inputs))
    for world in (calm, rough):
        world.happen(start)
    for _ in range(draw(st.integers(3, MOMENTS))):
        activation = news(draw, calm)
        calm.now = rough.now = calm.now + draw(st.integers(0, 3000))
        if draw(st.booleans()):
            rough.crash()
        calm.happen(activation)
        rough.happen(activation)
        check_moment(calm, rough)
        if draw(st.booleans()):
            old = draw(st.sampled_from(rough.past))
            assert rough.happen(old).events == (), f"heard twice: {old}"
    return calm, rough


def check_moment(calm: World, rough: World) -> None:
    assert calm.replayed() == calm.run
    assert rough.run == calm.run
    assert rough.stored == calm.stored
    if calm.run.is_live:
        check_waiting(calm)


def check_waiting(world: World) -> None:
    """A live run waits for something, and for nothing that nobody was asked for."""
    assert world.expected
    assert world.expected <= world.asked | set(world.timers)
    assert len(explain(world.flow, world.run)) == len(world.expected)


def check_history(history: list[Event]) -> None:
    assert [event.id for event in history] == list(range(1, len(history) + 1))
    assert all(event.follows < event.id for event in history)
    assert all(before.time <= after.time for before, after in pairwise(history))
    assert len(history) <= LIMITS.events
    ends = [event for event in history[1:] if event.type.startswith("Execution")]
    assert ends in ([], history[-1:])


@settings(max_examples=100)
@given(lives())
def test_replay_gives_the_live_state(worlds: tuple[World, World]):
    """After every commit, through crashes, repeated and late deliveries; and histories are well-formed."""
    calm, rough = worlds
    check_history(calm.history)
    assert calm.ends == (0 if calm.run.is_live else 1)
    assert rough.history == calm.history


@settings(max_examples=60)
@given(lives())
def test_every_prefix_of_commits_replays(worlds: tuple[World, World]):
    """A crash at any commit leaves a run that can go on: it waits for something or has ended."""
    world, _ = worlds
    whole = world.stored
    for commits in range(1, len(whole) + 1):
        world.stored = whole[:commits]
        world.crash()
        if world.run.is_live:
            check_waiting(world)


@settings(max_examples=60)
@given(lives(), st.data())
def test_deciding_is_a_function(worlds: tuple[World, World], data: st.DataObject):
    """The same run, the same news and the same time give the same decision."""
    world, _ = worlds
    activation = data.draw(st.sampled_from(world.past))
    first = decide(world.flow, world.run, activation, world.now, world.context)
    assert decide(world.flow, world.run, activation, world.now, world.context) == first
