"""pgmq's SQL as its Python package ships it, in a PostgreSQL from a wheel, with fsync and synchronous commit on."""

from contextlib import ExitStack
from pathlib import Path

from benchmarks.harness import Absent
from benchmarks.processes import Peer, peer, python_with

WORKER = Path(__file__).parent / "pgmq_worker.py"


def started(stack: ExitStack) -> Peer | Absent:
    python = python_with("pgmq", "pgserver", "psycopg[binary]", "pgmq")
    return python if isinstance(python, Absent) else stack.enter_context(peer([str(python), str(WORKER)]))
