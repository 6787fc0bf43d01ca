"""How far the instances that are kept ready have come."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provisioned:
    """`target` is what schedules and policies ask for now, `error` why there are fewer; empty: no trouble."""

    target: int
    current: int = 0
    error: str = ""
