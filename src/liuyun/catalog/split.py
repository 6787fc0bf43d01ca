"""How an alias shares its calls between versions: chance for one call, and the right shares over many.

    fractions(start)   0 <= fraction < 1, one for each call
    pick(shares, f)    which share a fraction falls into

Drawing each call's fraction by itself would leave the shares of 10,000 calls off by a percent now and then. These
begin at a random place and go on by the golden ratio, which puts every next one into the widest gap that those before
it left: after n calls a share is off by a few calls at most, whatever n is, and no caller can tell what comes.
"""

from collections.abc import Iterator, Mapping, Sequence

GOLDEN = 0.6180339887498949  # the fraction of the golden ratio
Shares = Sequence[tuple[str, float]]  # version and upper end of its part of 0 to 1, in order; the last one ends at 1


def shares(version_id: str, weights: Mapping[str, float]) -> Shares:
    """The weighted versions come first; what they leave is the main one's."""
    ends: list[tuple[str, float]] = []
    end = 0.0
    for version, weight in sorted(weights.items()):
        if weight > 0:
            end += weight
            ends.append((version, end))
    return [*ends, (version_id, 1.0)] if end < 1 else ends


def pick(among: Shares, fraction: float) -> str:
    for version, end in among:
        if fraction < end:
            return version
    return among[-1][0]


def fractions(start: float) -> Iterator[float]:
    at = start
    while True:
        at = (at + GOLDEN) % 1.0
        yield at
