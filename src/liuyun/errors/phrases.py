"""The platform's own words: English for who reads English, and for everybody else what it was made of.

A phrase stands where it is said, so that who reads the code reads what people will. Its code never changes and is for
programs; `console/src/i18n/phrases.zh.json` has the same in Chinese, and a test compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from string import Formatter
from typing import TypeAlias, Union

__all__ = ["Phrase", "phrase", "written"]

Parameter: TypeAlias = Union[int, float, str, "Phrase"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """`str()` is the English. Parameters that are texts are names, or others' words: the same in every language."""

    code: str
    template: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])

    def __str__(self) -> str:
        return self.template.format(**self.parameters)


def phrase(code: str, template: str, /, **known: object) -> Phrase:
    """Takes what `template` names. Both texts are literals wherever this is called: the test reads them in the code."""
    return Phrase(code, template, {name: parameter(known[name]) for name in names_in(template)})


def written(said: Phrase) -> dict[str, object]:
    """As JSON."""
    given = {name: written(value) if isinstance(value, Phrase) else value for name, value in said.parameters.items()}
    return {"code": said.code, "parameters": given, "text": str(said)}


@lru_cache(1024)
def names_in(template: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(template) if name))


def parameter(value: object) -> Parameter:
    return value if isinstance(value, int | float | Phrase) and not isinstance(value, bool) else str(value)
