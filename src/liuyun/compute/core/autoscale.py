"""How many instances a function should have before a call has to wait for one: pure arithmetic on its load.

Rules
- `keep` instances are there whatever happens: the provisioned ones.
- Where calls share an instance, another is started when they fill more than `utilisation` of the places: the next ones
  find a warm place. Where an instance takes one call at a time there is no such margin: a call that waits starts one.
- Where an instance serves one call and goes, the next one is started when that call begins, for as long as calls came
  within the idle time.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """`calls` run or wait, `size` counts ready and starting instances; `lately`: one came within the idle time."""

    calls: int
    size: int
    concurrency: int
    keep: int = 0
    single_use: bool = False
    lately: bool = True


def ahead(load: Load, utilisation: float) -> int:
    """How many to start although nobody needs them yet."""
    return max(0, desired(load, utilisation) - load.size)


def desired(load: Load, utilisation: float) -> int:
    calls = load.calls
    if load.single_use:
        return max(load.keep, calls + (1 if load.lately else 0))
    if load.concurrency == 1 or not calls:
        return load.keep
    return max(load.keep, ceil_ratio(calls, load.concurrency * utilisation))


def ceil_ratio(part: int, whole: float) -> int:
    return int(-(-part // whole))


def worn(*, served: int, first_mb: float, peak_mb: float, memory_mb: int, age_ms: int, most_age_ms: int) -> bool:
    """Whether an instance should be replaced by a fresh one: it is old, or it leaks and is about to be killed for it.

    One that needs nearly all of its memory from its first call on doesn't leak.
    """
    leaks = served > 1 and peak_mb > 0.9 * memory_mb and peak_mb > 1.1 * first_mb
    return leaks or age_ms >= most_age_ms
