"""Where commands write: results on standard output, everything about them on standard error."""

import json
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class Output(StrEnum):
    TEXT = "text"
    JSON = "json"


def print_json(data: Any) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def print_bytes(data: bytes) -> None:
    """As they are; a terminal gets a line end after them."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    if sys.stdout.isatty() and not data.endswith(b"\n"):
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """For people on a terminal; elsewhere lines of cells between tabs, which never wrap."""
    if not out.is_terminal:
        for row in rows:
            out.print("\t".join(str(cell) for cell in row), markup=False)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    out.print(table, soft_wrap=False)


def say(text: str, style: str = "") -> None:
    """A remark beside the result. Square brackets in `text` mean nothing."""
    err.print(text, style=style or None, markup=False)


def complain(text: str) -> None:
    err.print("error: ", style="bold red", end="")
    err.print(text, markup=False)
