"""The kinds of trigger that this platform has: a new one is a file beside this one and a line in this list."""

from collections.abc import Sequence

from liuyun.errors import Invalid, Unsupported
from liuyun.triggers.base import TriggerKind
from liuyun.triggers.http import HttpTrigger
from liuyun.triggers.message import MessageTrigger, Subscribe, Unsubscribe
from liuyun.triggers.ticking import Ticking
from liuyun.triggers.timer import TimerTrigger

NOT_OFFERED = frozenset({"oss", "log", "cdn_events", "eventbridge", "tablestore", "rds"})


def kinds(*, region: str, subscribe: Subscribe, unsubscribe: Unsubscribe, ticking: Ticking) -> Sequence[TriggerKind]:
    return (
        HttpTrigger(),
        TimerTrigger(ticking),
        MessageTrigger(region=region, subscribe=subscribe, unsubscribe=unsubscribe),
    )


def kind_named(kinds: Sequence[TriggerKind], name: str) -> TriggerKind:
    """Raises Unsupported for the vendor's other kinds, else Invalid."""
    for kind in kinds:
        if kind.name == name:
            return kind
    offered = ", ".join(kind.name for kind in kinds)
    if name in NOT_OFFERED:
        raise Unsupported(
            "trigger_type_unoffered",
            "triggerType {name} is not offered by this platform yet; it has {offered}",
            name=name,
            offered=offered,
        )
    raise Invalid(
        "trigger_type_unknown", "triggerType must be one of {offered}, but is '{name}'", offered=offered, name=name[:80]
    )
