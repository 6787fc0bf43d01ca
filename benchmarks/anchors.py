"""What the machine itself can do, measured in the same run, so that a figure from another machine can be read."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.harness import Measure, Sample

COUNT = 2000


@contextmanager
def durable_appends() -> Iterator[Measure]:
    """Rows/s into SQLite, one per commit with `synchronous=FULL`: each is on disk before the next begins."""
    with tempfile.TemporaryDirectory(prefix="liuyun-anchor-") as folder:
        connection = sqlite3.connect(Path(folder) / "anchor.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE entries (id INTEGER PRIMARY KEY, body TEXT)")

        def measure() -> Sample:
            start = time.perf_counter()
            for _ in range(COUNT):
                connection.execute("INSERT INTO entries (body) VALUES (?)", ("x" * 200,))
            return Sample(COUNT / (time.perf_counter() - start))

        yield measure
        connection.close()
