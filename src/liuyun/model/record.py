"""What is kept of each invocation."""

import math
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from liuyun.model.release import LATEST


class Outcome(StrEnum):
    OK = "ok"
    ERROR = "error"  # the function failed
    THROTTLED = "throttled"
    REFUSED = "refused"  # it could not be called
    CANCELLED = "cancelled"  # its caller went away, or somebody stopped it


class InvocationRecord(msgspec.Struct, frozen=True, gc=False):
    """Made on the warm path, so it holds what is at hand and nothing that would have to be worked out.

    `caused_at` is 0 if it was called as that happened which caused it. `error` is the kind of a failure.
    """

    account_id: str
    service: str
    function: str
    qualifier: str
    request_id: str
    source: str
    trigger: str
    caused_at: int
    retry: int
    began_at: int
    ended_at: int
    outcome: Outcome
    error: str = ""
    version_id: str = ""
    instance_id: str = ""
    duration_ms: float = 0.0
    memory_mb: float = 0.0
    cold: bool = False
    traceparent: str = ""

    @property
    def billed_ms(self) -> int:
        return math.ceil(self.duration_ms)

    @property
    def lag_ms(self) -> int:
        """From what caused it until the handler was called."""
        return max(0, round(self.ended_at - self.duration_ms - (self.caused_at or self.began_at)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records of a function; what is None, 0 or empty doesn't restrict. `qualifier` is that by which it was
    called, or the version that ran. `longer_ms` and `until` are themselves outside.
    """

    outcome: Outcome | None = None
    since: int = 0
    until: int = 0
    request_id: str = ""
    source: str = ""
    qualifier: str = ""
    cold: bool | None = None
    longer_ms: float = 0

    def takes(self, record: InvocationRecord) -> bool:
        return (
            record.began_at >= self.since
            and (not self.until or record.began_at < self.until)
            and (self.outcome is None or record.outcome is self.outcome)
            and (not self.request_id or record.request_id == self.request_id)
            and (not self.source or record.source == self.source)
            and (not self.qualifier or self.qualifier in (record.qualifier or LATEST, record.version_id))
            and (self.cold is None or record.cold is self.cold)
            and (not self.longer_ms or record.duration_ms > self.longer_ms)
        )
