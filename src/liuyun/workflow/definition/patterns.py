"""Regular expressions in conditions: RE2, as in the vendor's engine, so that no pattern can run for ever."""

from functools import lru_cache
from typing import Any

import re2 as untyped  # pyright: ignore[reportMissingTypeStubs]

from liuyun.workflow.definition.problems import Unfit

re2: Any = untyped  # the package carries no types
options = re2.Options()
options.log_errors = False
options.max_mem = 1 << 20


class BadPattern(Unfit):
    pass


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Any:
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeError) as error:
        raise BadPattern("pattern_invalid", "the regular expression {pattern} is not valid", pattern=pattern) from error


def matches(text: str, pattern: str) -> bool:
    """Whether the pattern is found anywhere in the text. Raises BadPattern."""
    return compiled(pattern).search(text) is not None
