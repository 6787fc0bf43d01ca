"""DBOS Transact with its state in SQLite and in PostgreSQL: a worker process of its own virtual environment."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.harness import Absent
from benchmarks.processes import Peer, peer, python_with

WORKER = Path(__file__).parent / "dbos_worker.py"


def started(stack: ExitStack) -> Mapping[str, Peer | Absent]:
    python = python_with("dbos", "dbos", "pgserver", "psycopg[binary]")
    if isinstance(python, Absent):
        return {"DBOS": python}
    return {
        f"DBOS on {store}": stack.enter_context(peer([str(python), str(WORKER), store]))
        for store in ("SQLite", "PostgreSQL")
    }
