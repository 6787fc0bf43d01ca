"""The order service's own SQLite database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
    order_id TEXT PRIMARY KEY,
    merchant TEXT NOT NULL,
    products TEXT NOT NULL,
    address TEXT NOT NULL,
    status TEXT NOT NULL,
    original_price INTEGER NOT NULL,
    price INTEGER NOT NULL,
    payment_methods TEXT NOT NULL,
    payment_method TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS order_flows (
    order_id TEXT PRIMARY KEY REFERENCES orders (order_id) ON DELETE CASCADE,
    flow TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS price_changes (
    change_id INTEGER PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (order_id),
    method TEXT NOT NULL,
    before INTEGER NOT NULL,
    after INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS price_changes_by_order ON price_changes (order_id);
CREATE TABLE IF NOT EXISTS merchants (
    merchant TEXT PRIMARY KEY,
    label TEXT NOT NULL
);
"""


class Database:
    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything done inside is on disk after it, or nothing is."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """For reading: never waits for a writer."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN")
            yield connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection
