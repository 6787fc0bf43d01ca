"""The life of an instance."""

import pytest

from liuyun.compute.core.instance_states import TRANSITIONS, InstanceEvent, InstanceState, follow


def test_what_is_gone_stays_gone():
    """No event brings an instance back."""
    leaving_gone = {state for (before, _), state in TRANSITIONS.items() if before is InstanceState.GONE}
    assert leaving_gone == {InstanceState.GONE}


def test_retiring_never_becomes_ready_again():
    """An instance that was retired while it started takes no calls."""
    assert follow(InstanceState.RETIRING, InstanceEvent.STARTED) is InstanceState.RETIRING


@pytest.mark.parametrize("state", [InstanceState.READY, InstanceState.GONE])
def test_starting_happens_once(state: InstanceState):
    """Whoever says otherwise has a bug."""
    with pytest.raises(KeyError):
        follow(state, InstanceEvent.STARTED)
