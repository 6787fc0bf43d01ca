"""`python -m benchmarks [NAME]`: measures everything, one suite, or one row; prints it and writes it down."""

import signal
import sys
from types import FrameType

from benchmarks import report
from benchmarks.harness import Row, run, wanted
from benchmarks.suites import cold, configuration, edits, flows, instances, queues, scale, timers, warm

SUITES = (
    warm.SUITE, cold.SUITE, edits.SUITE, instances.SUITE, queues.SUITE, timers.SUITE, flows.SUITE,
    scale.FUNCTIONS_SUITE, scale.WAITING_SUITE, scale.HISTORY_SUITE,
    configuration.SUITE,
)  # fmt: skip


def say(text: str) -> None:
    print(text, flush=True)


def stop(number: int, frame: FrameType | None) -> None:
    """So that whatever was started is ended on the way out."""
    del frame
    sys.exit(128 + number)


def main(only: str) -> int:
    signal.signal(signal.SIGTERM, stop)
    if not any(wanted(suite, only) for suite in SUITES):
        names = ", ".join(name for suite in SUITES for name in (suite.name, *suite.rows))
        say(f"There is no benchmark '{only}'. There are: {names}.")
        return 2
    rows: list[Row] = []
    for row in run(SUITES, only, say):
        rows.append(row)
        say(report.line(row))
        report.store(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
