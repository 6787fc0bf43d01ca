"""Who runs where: the pool's decisions."""

from hypothesis import given
from hypothesis import strategies as st

from liuyun.compute.core.instance_states import InstanceState as S
from liuyun.compute.core.pool import InstanceFacts, Plan, PoolLimits, Waiting, assign

NOW = 1_000_000
LIMITS = PoolLimits(concurrency=1, room=10, starts=10, queued=5, idle_ms=300_000, wait_ms=60_000)


def limits(**changes: int) -> PoolLimits:
    fields = {name: getattr(LIMITS, name) for name in PoolLimits.__dataclass_fields__}
    return PoolLimits(**{**fields, **changes})


def waiting(*ages: int) -> list[Waiting]:
    return [Waiting(number, NOW - age) for number, age in enumerate(ages, 1)]


def ready(name: str, running: int = 0, idle_for: int = 0) -> InstanceFacts:
    return InstanceFacts(name, S.READY, running, NOW - idle_for)


def plan(calls: list[Waiting], instances: list[InstanceFacts], **changes: int) -> Plan:
    return assign(calls, instances, limits(**changes), NOW)


def test_calls_take_free_places_in_order():
    """First come, first served."""
    assert plan(waiting(9, 5), [ready("a")]).reuse == ((1, "a"),)


def test_the_instance_used_last_is_used_next():
    """So that the others fall idle and can go."""
    assert plan(waiting(0), [ready("old", idle_for=50), ready("new")]).reuse == ((1, "new"),)


def test_an_instance_takes_as_many_calls_as_it_may():
    """`instanceConcurrency` places, less those taken."""
    assert plan(waiting(0, 0, 0), [ready("a", running=1)], concurrency=3).reuse == ((1, "a"), (2, "a"))


def test_nobody_is_sent_to_an_instance_that_is_not_ready():
    """Starting and retiring ones take no calls."""
    others = [InstanceFacts("s", S.STARTING, 0, NOW), InstanceFacts("r", S.RETIRING, 0, NOW)]
    assert plan(waiting(0), others).reuse == ()


def test_every_call_without_a_place_gets_an_instance():
    """A burst starts as many as it needs, and no more than there is room for."""
    assert plan(waiting(0, 0, 0), []).start == 3
    assert plan(waiting(0, 0, 0), [], room=2).start == 2


def test_a_crowd_starts_a_few_at_once():
    """The others wait for what is up first; none is refused for that its start comes later."""
    made = plan(waiting(*[0] * 9), [], starts=2, queued=0)
    assert (made.start, made.refuse) == (2, ())


def test_calls_whose_instance_is_on_its_way_start_no_other():
    """One start serves one call, or as many as share an instance."""
    starting = InstanceFacts("s", S.STARTING, 0, NOW)
    assert plan(waiting(0, 0), [starting]).start == 1
    assert plan(waiting(0, 0), [starting], concurrency=2).start == 0


def test_beyond_the_bound_the_newest_are_refused():
    """The queue is bounded; those before are kept."""
    assert plan(waiting(*[1] * 7), [ready("a", running=1)], room=0, queued=5).refuse == (6, 7)


def test_a_call_that_gets_an_instance_is_not_refused():
    """The bound is for those who wait without anything on its way."""
    assert plan(waiting(0, 0, 0), [], room=2, queued=0).refuse == (3,)


def test_a_call_does_not_wait_for_ever():
    """It is refused once it has waited as long as it may."""
    assert plan(waiting(60_000, 1), [ready("a", running=1)], room=0).refuse == (1,)


def test_a_call_whose_instance_is_being_started_is_not_refused_for_waiting():
    """However long that takes: the start has a bound of its own. Those behind it are."""
    starting = InstanceFacts("s", S.STARTING, 0, NOW)
    assert plan(waiting(90_000, 70_000, 1), [starting], room=0).refuse == (2,)
    assert plan(waiting(90_000), [], room=1).refuse == ()


def test_idle_instances_are_reaped_when_nobody_waits():
    """After the idle time, and never while they run or are about to."""
    instances = [ready("gone", idle_for=300_000), ready("kept", idle_for=299_999), ready("busy", 1, idle_for=400_000)]
    assert plan([], instances).reap == ("gone",)
    assert plan(waiting(0), [ready("used", idle_for=300_000)]).reap == ()


def test_provisioned_instances_are_kept():
    """However idle they are; those beyond go, idle longest first."""
    instances = [ready("new", idle_for=300_000), ready("old", idle_for=400_000)]
    assert plan([], instances, keep=1).reap == ("old",)
    assert plan([], instances, keep=2).reap == ()


def test_the_plan_says_when_to_look_again():
    """When the oldest call that nothing is started for has waited for as long as it may."""
    assert plan(waiting(5), [ready("a", running=1)], room=0).wake_at == NOW - 5 + 60_000
    assert plan(waiting(5, 4), [], room=1).wake_at == NOW - 4 + 60_000


facts = st.builds(
    InstanceFacts,
    st.uuids().map(str),
    st.sampled_from([S.STARTING, S.READY, S.RETIRING]),
    st.integers(0, 3),
    st.integers(NOW - 400_000, NOW),
)


@given(
    ages=st.lists(st.integers(0, 70_000), max_size=12),
    instances=st.lists(facts, max_size=6),
    concurrency=st.integers(1, 3),
    room=st.integers(0, 4),
    starts=st.integers(0, 4),
    queued=st.integers(0, 4),
)
def test_no_plan_breaks_a_limit(*, ages, instances, concurrency, room, starts, queued):
    """Whatever the facts: places, room and queue are kept, and each call is treated once."""
    calls = waiting(*sorted(ages, reverse=True))
    made = plan(calls, instances, concurrency=concurrency, room=room, starts=starts, queued=queued)
    assert made.start <= min(room, starts)
    for instance in instances:
        given_ = sum(name == instance.instance_id for _, name in made.reuse)
        assert not given_ or (instance.state is S.READY and instance.running + given_ <= concurrency)
    served = {ticket for ticket, _ in made.reuse}
    assert served.isdisjoint(made.refuse)
    starting = sum(instance.state is S.STARTING for instance in instances) + room
    assert len(calls) - len(served) - len(made.refuse) <= queued + starting * concurrency
