"""The life of an instance: one table of transitions."""

from enum import StrEnum


class InstanceState(StrEnum):
    STARTING = "starting"  # sandbox, handler and initializer are on their way
    READY = "ready"
    RETIRING = "retiring"  # takes no more calls, goes when the running ones have ended
    GONE = "gone"


class InstanceEvent(StrEnum):
    STARTED = "started"
    RETIRED = "retired"  # replaced, idle for too long, or the platform stops
    ENDED = "ended"  # its process is gone, or was told to go


S, E = InstanceState, InstanceEvent
TRANSITIONS = {
    (S.STARTING, E.STARTED): S.READY,
    (S.STARTING, E.RETIRED): S.RETIRING,
    (S.STARTING, E.ENDED): S.GONE,
    (S.READY, E.RETIRED): S.RETIRING,
    (S.READY, E.ENDED): S.GONE,
    (S.RETIRING, E.STARTED): S.RETIRING,
    (S.RETIRING, E.RETIRED): S.RETIRING,
    (S.RETIRING, E.ENDED): S.GONE,
    (S.GONE, E.RETIRED): S.GONE,
    (S.GONE, E.ENDED): S.GONE,
}


def follow(state: InstanceState, event: InstanceEvent) -> InstanceState:
    """The next state. KeyError for a pair that can't be: a bug."""
    return TRANSITIONS[state, event]
