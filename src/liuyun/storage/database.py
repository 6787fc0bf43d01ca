"""Where everything durable is kept.

A `Database` runs *units of work*: plain synchronous functions that take a `Transaction`, run named queries on it and
return a value. `write` answers after the unit's changes are on disk. Units that arrive together share one commit
(group commit); one that raises leaves the others and the database untouched.
A unit must be quick, must not do I/O of its own and may be run again from the start (a neighbour that failed, a
server's serialisation conflict), so it must keep no side effects outside the transaction.

Ordering: units of one caller that awaits each of them are seen in that order by all later reads of that caller.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from liuyun.storage.changes import Changes

T = TypeVar("T")
Row = Mapping[str, Any]
Params = Mapping[str, Any]


class Transaction(Protocol):
    """Queries are named `file.query`: `executions.find` is the query `find` of `sql/queries/executions.sql`."""

    def all(self, query: str, /, **params: Any) -> list[Row]: ...

    def one(self, query: str, /, **params: Any) -> Row | None:
        """The first row, or None."""
        ...

    def run(self, query: str, /, **params: Any) -> int:
        """How many rows were changed."""
        ...

    def run_many(self, query: str, rows: Sequence[Params], /) -> None: ...


Work = Callable[[Transaction], T]


class Database(Protocol):
    @property
    def changes(self) -> Changes:
        """Who wants to hear of commits asks there."""
        ...

    def begin(self, work: Work[T], then: Callable[[T | Exception], object], /) -> None:
        """Runs `work`; `then` is told on this loop, right after the commit, what it came to: what `work` returned or
        raised, or Unavailable. Those of one commit are told in the order of their units. Raises Unavailable if closed.
        """
        ...

    def write(self, work: Work[T], /) -> Awaitable[T]:
        """Runs `work`; resolves after the commit. What `work` raises is raised here and rolls back only that unit.

        Raises Unavailable when the database can't be written (disk full, closed).
        """
        ...

    def read(self, work: Work[T], /) -> Awaitable[T]:
        """Runs `work` on a consistent snapshot that holds every unit whose `write` has resolved."""
        ...

    async def close(self) -> None:
        """Commits what was accepted, then lets go of the files."""
        ...
