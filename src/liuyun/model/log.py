"""What functions print and the platform notes beside it."""

import msgspec


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
