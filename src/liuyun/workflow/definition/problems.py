"""What is wrong with a definition: collected, not raised, so that its writer sees everything at once."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

MAX_PROBLEMS = 100
MAX_KNOWN = 50  # names that a misspelt one is compared with, and
MAX_WORD = 128  # its length: comparing is slow


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` and `column` count from 1. `step` is the step in which the problem lies, or empty."""

    line: int
    column: int
    step: str
    text: str

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}"
        return f"{where}, step {self.step}: {self.text}" if self.step else f"{where}: {self.text}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for a misspelt word, to be put after its message: " Did you mean X?", or nothing."""
    if len(word) > MAX_WORD:
        return ""
    folded = {name.casefold(): name for name in islice(known, MAX_KNOWN)}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.7)
    return f" Did you mean {folded[close[0]]}?" if close else ""
