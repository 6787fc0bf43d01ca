"""What a kind of trigger is: one class per file, listed in `registry`."""

from typing import Protocol

from liuyun.model.function import Trigger


class TriggerKind(Protocol):
    """`name` is the vendor's triggerType. An `exclusive` kind may be there once per version of a function.

    What isn't `updatable` is deleted and made again.
    """

    name: str
    exclusive: bool
    updatable: bool

    def validated(self, trigger: Trigger) -> Trigger:
        """The trigger with its config checked and completed with defaults. Raises Invalid or Unsupported."""
        ...

    async def attach(self, trigger: Trigger) -> None:
        """Makes events flow; does nothing if they do. Called after the trigger is stored, and at each start."""
        ...

    async def detach(self, trigger: Trigger) -> None:
        """Stops events; does nothing if they don't flow. Called before the stored trigger goes."""
        ...
