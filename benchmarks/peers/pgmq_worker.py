"""Runs in pgmq's own environment. Reads what to measure from standard input: `send CLIENTS`, `receive CLIENTS` ..."""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import pgserver
import psycopg

MESSAGES = 1600
BATCH = 16
BODY = json.dumps({"body": "x" * 200})
Connection = psycopg.Connection[tuple[int, ...]]


def installed(uri: str) -> None:
    """Creates pgmq's functions and a queue. Its registration of tables for dumps works only inside CREATE EXTENSION."""
    sql = (files("pgmq") / "sql/pgmq.sql").read_text()
    kept = "\n".join(line for line in sql.splitlines() if "pg_extension_config_dump" not in line)
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS pgmq")
        connection.execute(kept.encode())
        connection.execute("SELECT pgmq.create('q')")


def send(connection: Connection) -> None:
    connection.execute("SELECT pgmq.send('q', %s::jsonb)", (BODY,))


def send_batch(connection: Connection) -> None:
    connection.execute("SELECT pgmq.send_batch('q', %s::jsonb[])", ([BODY] * BATCH,))


def receive(connection: Connection) -> None:
    row = connection.execute("SELECT msg_id FROM pgmq.read('q', 30, 1)").fetchone()
    assert row
    connection.execute("SELECT pgmq.delete('q', %s::bigint)", (row[0],))


def receive_batch(connection: Connection) -> None:
    rows = connection.execute("SELECT msg_id FROM pgmq.read('q', 30, %s)", (BATCH,)).fetchall()
    connection.execute("SELECT pgmq.delete('q', %s::bigint[])", ([row[0] for row in rows],))


OPERATIONS: dict[str, tuple[Callable[[Connection], None], int]] = {
    "send": (send, 1),
    "send_batch": (send_batch, BATCH),
    "receive": (receive, 1),
    "receive_batch": (receive_batch, BATCH),
}


def measure(connections: list[Connection], name: str) -> float:
    """Messages/s of an operation by all connections together, on a queue that starts empty or as full as it must be."""
    operation, size = OPERATIONS[name]
    connections[0].execute("SELECT pgmq.purge_queue('q')")
    if name.startswith("receive"):
        for _ in range(MESSAGES * size // BATCH):
            send_batch(connections[0])
    shares = [MESSAGES // len(connections)] * len(connections)

    def act(connection: Connection, times: int) -> None:
        for _ in range(times):
            operation(connection)

    start = time.perf_counter()
    with ThreadPoolExecutor(len(connections)) as crowd:
        list(crowd.map(act, connections, shares))
    return sum(shares) * size / (time.perf_counter() - start)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="liuyun-pgmq-") as folder, pgserver.get_server(folder) as server:
        installed(server.get_uri())
        connections: list[Connection] = []
        for line in sys.stdin:
            name, clients = line.split()
            while len(connections) < int(clients):
                connections.append(psycopg.connect(server.get_uri(), autocommit=True))
            print("=", measure(connections[: int(clients)], name), flush=True)


if __name__ == "__main__":
    main()
