"""Big states, made in seconds: the API makes one thing, and its rows are copied in the stopped platform's database.

What is measured afterwards goes through the API again; only the preparation doesn't.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.platform import SERVICE, data_of
from liuyun.model.execution import ExecutionKey
from liuyun.places import DATABASE

NUMBERS = """WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)"""
EXECUTIONS = """INSERT INTO executions (
    account_id, flow_id, execution_id, name, revision, status, input, output, error, cause, callback_token, started_at,
    stopped_at
) SELECT account_id, flow_id, :prefix || printf('%08x', n), name || printf('-%08d', n), revision, status, input, output,
    error, cause, callback_token, started_at, stopped_at
FROM numbers, executions WHERE name = :model"""
HISTORY = """INSERT INTO history (account_id, execution_id, first_event_id, last_event_id, events)
SELECT account_id, :prefix || printf('%08x', n), first_event_id, last_event_id, events
FROM numbers, history WHERE execution_id = :id"""
TIMERS = """INSERT INTO timers (account_id, execution_id, event_id, flow_id, due_at)
SELECT account_id, :prefix || printf('%08x', n), event_id, flow_id, due_at
FROM numbers, timers WHERE execution_id = :id"""


@contextmanager
def database(folder: Path) -> Iterator[sqlite3.Connection]:
    """That of a platform that is not running. What fails is thrown away, so it needs no journal."""
    with closing(sqlite3.connect(data_of(folder) / DATABASE, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-200000")
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")


def copy_function(folder: Path, model: str, count: int) -> None:
    """So many functions `{model}-{number}` with the model's code."""
    with database(folder) as connection:
        connection.execute(
            f"{NUMBERS} INSERT INTO functions SELECT account_id, service, name || '-' || n, package, "
            "json_set(document, '$.name', name || '-' || n, '$.function_id', name || '-' || n), layers "
            "FROM functions, numbers WHERE service = :service AND name = :model",
            {"service": SERVICE, "model": model, "count": count},
        )


def keys_of(folder: Path, names: str, count: int) -> list[tuple[str, ExecutionKey, int]]:
    """Names and keys of executions whose names are like that, and the event that scheduled the task they wait for."""
    with closing(sqlite3.connect(data_of(folder) / DATABASE)) as connection:
        rows = connection.execute(
            "SELECT e.name, e.account_id, e.flow_id, e.execution_id, t.event_id FROM executions e "
            "JOIN timers t USING (account_id, execution_id) WHERE e.name LIKE ? LIMIT ?",
            (names, count),
        ).fetchall()
    return [(row[0], ExecutionKey(*row[1:4]), row[4]) for row in rows]


def copy_execution(folder: Path, model: str, count: int) -> None:
    """So many executions `{model}-{number of eight digits}`, as far as the model's had come, begun right after it."""
    with database(folder) as connection:
        id_ = connection.execute("SELECT execution_id FROM executions WHERE name = ?", (model,)).fetchone()[0]
        values = {"model": model, "id": id_, "prefix": id_[:-8], "count": count}
        for statement in (EXECUTIONS, HISTORY, TIMERS):
            connection.execute(f"{NUMBERS} {statement}", values)
