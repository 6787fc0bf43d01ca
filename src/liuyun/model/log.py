"""What functions print and the platform notes beside it."""

from enum import StrEnum

import msgspec


class Level(StrEnum):
    """How bad it is; each is worse than those before it."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    def includes(self, other: "Level") -> bool:
        """Whether `other` is as bad as this, or worse."""
        order = list(Level)
        return order.index(other) >= order.index(self)


class LogLine(msgspec.Struct, frozen=True, gc=False):  # a few are made in every invocation
    """One line of a function's log, without its line break. `stream` is `stdout`, `stderr` or `platform`.

    `request_id` is empty for what an instance printed outside of any invocation.
    """

    account_id: str
    service: str
    function: str
    version_id: str
    instance_id: str
    request_id: str
    at: int
    text: str
    stream: str = "stdout"
