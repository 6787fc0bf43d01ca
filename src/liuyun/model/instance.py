"""An instance as its owner sees it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShownInstance:
    instance_id: str
    version_id: str
    created_at: int
