"""What a figure is here: ours and a baseline measured in turn (A B A B ...) in one run, and the ratio of the two.

Rows that stand beside the same baselines share them: each round measures ours of all of them, then each baseline once.

Machines differ and neighbours are noisy, so an absolute figure says little; the ratio of two things measured seconds
apart on the same machine says more. Each figure is the median over the rounds; a ratio is the median of the rounds' own
ratios, turned so that more than 1 is always in our favour.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import groupby
from statistics import median

ROUNDS = 5


@dataclass(frozen=True)
class Sample:
    """One measurement; `facts` are other figures seen on the way, such as percentiles."""

    value: float
    facts: Mapping[str, float] = field(default_factory=dict[str, float])


Measure = Callable[[], Sample]


@dataclass(frozen=True)
class Absent:
    """A peer that can't run here, and why."""

    reason: str


@dataclass(frozen=True)
class Duel:
    """One row: what we do, and who else does it."""

    name: str
    what: str
    unit: str
    ours: Measure
    baselines: Mapping[str, Measure | Absent]
    lower_is_better: bool = False


@dataclass(frozen=True)
class Row:
    """A finished duel. `baselines` and `ratios` hold the peers that ran, `absent` why others did not.

    `ranges`: the lowest and the highest ratio of the rounds, which tell how noisy the machine was.
    """

    name: str
    what: str
    unit: str
    ours: float
    facts: Mapping[str, float]
    baselines: Mapping[str, float]
    ratios: Mapping[str, float]
    ranges: Mapping[str, tuple[float, float]]
    absent: Mapping[str, str]


@dataclass(frozen=True)
class Suite:
    """Duels that share a set-up, so that it is paid once. `rows` are the names of its duels."""

    name: str
    rows: Sequence[str]
    duels: Callable[[], AbstractContextManager[Sequence[Duel]]]


def peers_of(duel: Duel) -> dict[str, Measure]:
    return {name: peer for name, peer in duel.baselines.items() if not isinstance(peer, Absent)}


def fight(duels: Sequence[Duel], rounds: int = ROUNDS) -> list[Row]:
    """Of duels that have the same baselines."""
    peers = peers_of(duels[0])
    for measure in (*(duel.ours for duel in duels), *peers.values()):
        measure()  # warms it; not counted
    ours: list[list[Sample]] = [[] for _ in duels]
    theirs: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(rounds):
        for samples, duel in zip(ours, duels, strict=True):
            samples.append(duel.ours())
        for name, measure in peers.items():
            theirs[name].append(measure().value)
    return [row(duel, samples, theirs) for duel, samples in zip(duels, ours, strict=True)]


def row(duel: Duel, ours: Sequence[Sample], theirs: Mapping[str, Sequence[float]]) -> Row:
    values = [sample.value for sample in ours]
    ratios = {name: in_our_favour(values, figures, duel.lower_is_better) for name, figures in theirs.items()}
    return Row(
        name=duel.name,
        what=duel.what,
        unit=duel.unit,
        ours=median(values),
        facts={fact: median(sample.facts[fact] for sample in ours) for fact in ours[0].facts},
        baselines={name: median(figures) for name, figures in theirs.items()},
        ratios={name: median(each) for name, each in ratios.items()},
        ranges={name: (min(each), max(each)) for name, each in ratios.items()},
        absent={name: peer.reason for name, peer in duel.baselines.items() if isinstance(peer, Absent)},
    )


def in_our_favour(ours: Sequence[float], theirs: Sequence[float], lower_is_better: bool) -> list[float]:
    """The ratio of each round."""
    return [b / a if lower_is_better else a / b for a, b in zip(ours, theirs, strict=True)]


def wanted(suite: Suite, only: str) -> list[str]:
    """The rows that `only` names: all, a suite's, one, or those whose names begin with it (`steps`: `steps-call`)."""
    return [row for row in suite.rows if only in {"", suite.name, row} or row.startswith(f"{only}-")]


def run(suites: Sequence[Suite], only: str, say: Callable[[str], None]) -> Iterator[Row]:
    for suite in suites:
        if names := wanted(suite, only):
            say(f"{suite.name}: preparing")
            with suite.duels() as duels:
                assert [duel.name for duel in duels] == list(suite.rows)
                chosen = [duel for duel in duels if duel.name in names]
                for _, same in groupby(chosen, key=lambda duel: duel.baselines):
                    together = list(same)
                    for duel in together:
                        say(f"{duel.name}: {duel.what}")
                    yield from fight(together)
