"""What functions print and the platform notes beside it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogLine:
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
