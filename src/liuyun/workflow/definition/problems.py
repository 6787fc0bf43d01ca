"""What is wrong with a definition: collected, not raised, so that its writer sees everything at once."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from liuyun.errors import Phrase, phrase

MAX_PROBLEMS = 100
MAX_KNOWN = 50  # names that a misspelt one is compared with, and
MAX_WORD = 128  # its length: comparing is slow


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` and `column` count from 1. `step` is the step in which the problem lies, or empty."""

    line: int
    column: int
    step: str
    what: Phrase

    @property
    def text(self) -> str:
        return str(self.what)

    @property
    def phrase(self) -> Phrase:
        place = {"line": self.line, "column": self.column, "what": self.what}
        if not self.step:
            return phrase("problem_at", "line {line}, column {column}: {what}", **place)
        return phrase("problem_in_step", "line {line}, column {column}, step {step}: {what}", step=self.step, **place)

    def __str__(self) -> str:
        return str(self.phrase)


class Unfit(ValueError):
    """A part of a definition, or a value that it leads to, can't be what it should be. `phrase` says why."""

    def __init__(self, code: str, template: str, /, **known: object) -> None:
        self.phrase = phrase(code, template, **known)
        super().__init__(str(self.phrase))


def one_of(words: Iterable[str]) -> Phrase | str:
    *others, last = words
    return phrase("one_of", "{others} or {last}", others=", ".join(others), last=last) if others else last


def did_you_mean(word: str, known: Iterable[str]) -> Phrase | str:
    """A hint for a misspelt word, to be put after its message: " Did you mean X?", or nothing."""
    if len(word) > MAX_WORD:
        return ""
    folded = {name.casefold(): name for name in islice(known, MAX_KNOWN)}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.7)
    return phrase("did_you_mean", " Did you mean {name}?", name=folded[close[0]]) if close else ""
