"""The steps of an execution on the screen, while they happen: a living table on a terminal, lines elsewhere."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from liuyun.cli.history import Status, Visit
from liuyun.cli.output import err

STYLES = {Status.SUCCEEDED: "green", Status.FAILED: "red", Status.TIMED_OUT: "red", Status.WAITING: "yellow"}


class StepDisplay:
    def __init__(self) -> None:
        self._live = Live(console=err, auto_refresh=False) if err.is_terminal else None
        self._shown: list[Visit] = []
        self._remarks: list[str] = []

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def show(self, visits: Sequence[Visit]) -> None:
        changed = [visit for place, visit in enumerate(visits) if [visit] != self._shown[place : place + 1]]
        self._shown = list(visits)
        if self._live:
            self._refresh()
        else:
            for visit in changed:
                err.print(line(visit), style=STYLES.get(visit.status), markup=False)

    def remark(self, text: str) -> None:
        """What somebody outside of the flow does."""
        self._remarks.append(text)
        if self._live:
            self._refresh()
        else:
            err.print(text, markup=False)

    def _refresh(self) -> None:
        assert self._live
        table = Table(box=None, pad_edge=False, show_header=False)
        for visit in self._shown:
            table.add_row(visit.step, visit.status, took(visit), style=STYLES.get(visit.status))
        self._live.update(Group(table, *(Text(remark) for remark in self._remarks)), refresh=True)


def line(visit: Visit) -> str:
    return f"{visit.step:20} {visit.status} {took(visit)}".rstrip()


def took(visit: Visit) -> str:
    return "" if visit.seconds is None else f"{visit.seconds:.2f} s"
