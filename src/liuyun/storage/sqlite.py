"""SQLite as the Database: one writer thread that commits what has gathered, readers beside it (WAL).

`synchronous=FULL` puts every commit on disk before its futures resolve. Units wait in a queue while the thread is
busy with a commit; it then runs all of them in one transaction, so that throughput grows with load and one lonely
writer still gets its commit at once. What is written in one turn of the loop is handed to the thread together.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from liuyun.errors import Unavailable
from liuyun.storage.changes import Changes
from liuyun.storage.database import Database, Params, Row, Transaction, Work
from liuyun.storage.queries import changed, migrations, queries

T = TypeVar("T")
WRITER_KB, READER_KB = 8 * 1024, 2 * 1024  # pages that a connection keeps; the file itself is in the kernel's cache
GROUP = 512  # units in one commit: bounds how long the first one waits for the last


def connect(path: str, cache_kb: int = WRITER_KB) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.row_factory = sqlite3.Row
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "temp_store=MEMORY",
        f"cache_size=-{cache_kb}",
        "mmap_size=268435456",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def migrate(connection: sqlite3.Connection) -> None:
    """Brings the schema to the newest migration. All that were missing commit together, with the last one's number:
    a first start waits for the disk once.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    newest = max((number for number, _ in migrations()), default=0)
    if version > newest:
        raise Unavailable(f"The data was written by a newer Liuyun (schema {version}, this one knows {newest}).")
    missing = "\n;\n".join(script for number, script in migrations() if number > version)
    if missing:
        connection.executescript(f"BEGIN IMMEDIATE;\n{missing}\n;PRAGMA user_version={newest};\nCOMMIT;")


class SqliteTransaction:
    """Transaction on one connection. Rows are `sqlite3.Row`, which reads like a mapping.

    `tables` are those that were changed.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.tables: set[str] = set()
        self._connection = connection
        self._queries = queries()
        self._changed = changed()

    def all(self, query: str, /, **params: Any) -> list[Row]:
        return self._noted(query, self._connection.execute(self._queries[query], params).fetchall())

    def one(self, query: str, /, **params: Any) -> Row | None:
        # fetchall, so that a statement with RETURNING runs to its end
        rows = self._noted(query, self._connection.execute(self._queries[query], params).fetchall())
        return rows[0] if rows else None

    def run(self, query: str, /, **params: Any) -> int:
        return self._noted(query, self._connection.execute(self._queries[query], params).rowcount)

    def run_many(self, query: str, rows: Sequence[Params], /) -> None:
        self._noted(query, self._connection.executemany(self._queries[query], rows).rowcount)

    def _noted(self, query: str, changes: T) -> T:
        """Rows, or how many there were; none of them: the table is as it was."""
        if changes and query in self._changed:
            self.tables.add(self._changed[query])
        return changes


@dataclass(slots=True, eq=False)
class Unit:
    work: Work[Any]
    then: Callable[[Any], object]
    loop: asyncio.AbstractEventLoop
    came_to: Any = None  # what `work` returned or raised


class SqliteDatabase:
    """The database of one file. Only one process may own it: a second one is refused by the platform's lock file."""

    def __init__(self, path: Path, readers: int = 4) -> None:
        self.changes = Changes()
        self._path = path
        self._writer = connect(str(path))
        migrate(self._writer)
        self._handed_over: SimpleQueue[list[Unit] | None] = SimpleQueue()
        self._gathered: list[Unit] = []
        self._gathering: asyncio.AbstractEventLoop | None = None  # the loop that will hand them over
        self._closed = False
        self._local = threading.local()
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="sqlite-reader")
        self._thread = threading.Thread(target=self._commit_forever, name="sqlite-writer", daemon=True)
        self._thread.start()

    def begin(self, work: Work[T], then: Callable[[T | Exception], object], /) -> None:
        if self._closed:
            raise Unavailable("The database is closed.")
        loop = asyncio.get_running_loop()
        if self._gathering is not loop:
            self._hand_over()
            self._gathering = loop
            loop.call_soon(self._hand_over)
        self._gathered.append(Unit(work, then, loop))

    def write(self, work: Work[T], /) -> Awaitable[T]:
        return awaited(self, work)

    def read(self, work: Work[T], /) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._hand_over()
            self._handed_over.put(None)
            await asyncio.to_thread(self._thread.join)
            self._readers.shutdown()
            self._writer.close()

    def _read(self, work: Work[T]) -> T:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(str(self._path), READER_KB)
            connection.execute("PRAGMA query_only=ON")
        connection.execute("BEGIN")
        try:
            return work(SqliteTransaction(connection))
        finally:
            connection.execute("COMMIT")

    def _hand_over(self) -> None:
        """What one turn of the loop wrote goes to the thread at once: it would be woken for each unit, and would have
        to wait for the interpreter until the turn is over.
        """
        gathered, self._gathered, self._gathering = self._gathered, [], None
        if gathered:
            self._handed_over.put(gathered)

    def _commit_forever(self) -> None:
        waiting: list[Unit] = []
        closing = False
        while waiting or not closing:
            while not closing and (not waiting or (len(waiting) < GROUP and not self._handed_over.empty())):
                more = self._handed_over.get()
                if more is None:
                    closing = True
                else:
                    waiting += more
            group, waiting = waiting[:GROUP], waiting[GROUP:]
            if group:
                tables = commit(self._writer, group)
                announce(group)
                self.changes.committed(tables)


def awaited(db: Database, work: Work[T]) -> Awaitable[T]:
    """What `work` comes to, as a future."""
    future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    def tell(came_to: T | Exception) -> None:
        if future.done():  # the caller gave up waiting; what was committed stays committed
            return
        if isinstance(came_to, Exception):
            future.set_exception(came_to)
        else:
            future.set_result(came_to)

    db.begin(work, tell)
    return future


def commit(connection: sqlite3.Connection, group: list[Unit]) -> frozenset[str]:
    """Runs the units in one transaction; which tables changed.

    If the commit itself fails, none of them happened and all learn it.
    """
    transaction = SqliteTransaction(connection)
    try:
        connection.execute("BEGIN IMMEDIATE")
        if not run_together(connection, transaction, group):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            connection.execute("BEGIN IMMEDIATE")
            for unit in group:
                run_apart(connection, transaction, unit)
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        for unit in group:
            unit.came_to = Unavailable(f"The database can't be written: {error}.")
        return frozenset()
    return frozenset(transaction.tables)


def run_together(connection: sqlite3.Connection, transaction: Transaction, group: list[Unit]) -> bool:
    """Without savepoints, which cost as much as a short unit does. False: one failed that had changed something, so
    all of them have to be undone. Seldom: most units look before they change.
    """
    for unit in group:
        before = connection.total_changes
        try:
            unit.came_to = unit.work(transaction)
        except Exception as error:  # noqa: BLE001 - it is the caller's, and is raised there
            unit.came_to = error
            if connection.total_changes != before or not connection.in_transaction:
                return False
    return True


def run_apart(connection: sqlite3.Connection, transaction: Transaction, unit: Unit) -> None:
    """In a savepoint of its own."""
    connection.execute("SAVEPOINT unit")
    try:
        unit.came_to = unit.work(transaction)
    except Exception as error:  # noqa: BLE001 - it is the caller's, and is raised there
        connection.execute("ROLLBACK TO unit")
        unit.came_to = error
    connection.execute("RELEASE unit")


def announce(group: list[Unit]) -> None:
    """Tells what the units came to on their loops: one wake-up for a loop, however many units it sent."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Unit]] = {}
    for unit in group:
        by_loop.setdefault(unit.loop, []).append(unit)
    for loop, units in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell_all, units)


def tell_all(units: list[Unit]) -> None:
    for unit in units:
        try:
            unit.then(unit.came_to)
        except Exception as error:  # noqa: BLE001 - the others are told all the same
            unit.loop.call_exception_handler({"message": "a commit's consequences failed", "exception": error})


@cache
def newest() -> sqlite3.Connection:
    """An empty database with the newest schema, to be copied: a tenth of the time that making another takes."""
    connection = connect(":memory:")
    migrate(connection)
    return connection


class MemoryDatabase:
    """The same engine in memory, for tests: units run at once on the caller's thread, so that time stands still."""

    def __init__(self) -> None:
        self.changes = Changes()
        self._connection = connect(":memory:")
        newest().backup(self._connection)

    def begin(self, work: Work[T], then: Callable[[T | Exception], object], /) -> None:
        unit = Unit(work, then, asyncio.get_running_loop())
        self.changes.committed(commit(self._connection, [unit]))
        unit.then(unit.came_to)

    def write(self, work: Work[T], /) -> Awaitable[T]:
        return awaited(self, work)

    def read(self, work: Work[T], /) -> Awaitable[T]:
        return self.write(work)

    async def close(self) -> None:
        self._connection.close()
