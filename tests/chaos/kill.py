"""Kills the whole platform with SIGKILL, again and again, while orders are on their way, and counts what is left.

python -m tests.chaos.kill --kills 10 --orders 200 --seed 1
"""

import argparse
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.chaos.customers import Crowd, Customer, customers, outcomes
from tests.chaos.ledger import Ledger
from tests.chaos.world import NEVER, World, world

LIVES_S = (0.2, 3.0)  # how long the platform may live between two kills
FINISH_S = 150


@dataclass
class Report:
    seed: int
    wrong: dict[str, tuple[object, object]] = field(default_factory=dict[str, tuple[object, object]])  # got, expected
    lost: set[str] = field(default_factory=set[str])
    accepted: int = 0
    in_flight: list[int] = field(default_factory=list[int])  # orders not yet ended, at each kill
    back_s: list[float] = field(default_factory=list[float])  # from each kill until the platform answered again
    took_s: float = 0

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {len(self.in_flight)} kills in {self.took_s:.0f} s, with {self.in_flight} orders in "
            f"flight; answered again after {max(self.back_s, default=0):.2f} s at most; {len(self.wrong)} orders "
            f"wrong; {len(self.lost)} of {self.accepted} accepted messages lost"
        )


def run(folder: Path, *, orders: int, kills: int, seed: int, say: Callable[[str], None]) -> Report:
    people = customers(orders, kills)
    with world(folder) as made:
        report = Report(seed)
        crowd, ledger, stop = Crowd(made, people), Ledger(made.url), threading.Event()
        shopping = threading.Thread(target=crowd.shop, args=(stop,), name="customers")
        writing = threading.Thread(target=ledger.write, args=(stop,), name="ledger")
        begun = time.monotonic()
        shopping.start()
        writing.start()
        try:
            kill_often(made, crowd, report, kills=kills, chance=Random(seed), say=say)
            shopping.join(FINISH_S)
        finally:
            stop.set()
            shopping.join()
            writing.join()
        report.took_s = time.monotonic() - begun
        report.accepted = len(ledger.accepted)
        report.lost = set(ledger.accepted) - ledger.read_back()
        report.wrong = differences(made, people)
        return report


def kill_often(
    made: World, crowd: Crowd, report: Report, *, kills: int, chance: Random, say: Callable[[str], None]
) -> None:
    for number in range(1, kills + 1):
        NEVER.wait(chance.uniform(*LIVES_S))
        in_flight = crowd.in_flight
        killed = time.monotonic()
        made.kill_platform()
        made.start_platform()
        report.in_flight.append(in_flight)
        report.back_s.append(time.monotonic() - killed)
        crowd.kills = number
        say(f"kill {number}: {in_flight} orders in flight; answers again after {report.back_s[-1]:.2f} s")


def differences(made: World, people: list[Customer]) -> dict[str, tuple[object, object]]:
    found = outcomes(made.orders_database)
    return {
        person.order: (found.get(person.order), person.expected)
        for person in people
        if found.get(person.order) != person.expected
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--orders", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = secrets.randbelow(10**6) if given.seed is None else given.seed
    with tempfile.TemporaryDirectory(prefix="liuyun-chaos-") as folder:
        report = run(Path(folder), orders=given.orders, kills=given.kills, seed=seed, say=print)
        print(report)
        for order, (got, expected) in report.wrong.items():
            print(f"  {order}: {got} instead of {expected}")
        if report.wrong or report.lost:
            print((Path(folder) / "platform.log").read_text(errors="replace")[-4000:])
    return 1 if report.wrong or report.lost else 0


if __name__ == "__main__":
    sys.exit(main())
