"""Who may run a program now: so many together; where everybody may, so many of one address at a time and a minute."""

from collections import Counter, OrderedDict, deque
from collections.abc import Generator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address

from liuyun.clock import Clock
from liuyun.errors import Throttled

MINUTE_MS = 60_000
SOON_S = 3  # when to try again where it depends on how long programs run
MOST_KEPT = 10_000  # addresses


class Turns:
    def __init__(self, clock: Clock, *, most: int, most_of_one: int, per_minute: int) -> None:
        self._clock = clock
        self._most = most
        self._most_of_one = most_of_one
        self._per_minute = per_minute
        self._running: Counter[str] = Counter()
        self._begun: OrderedDict[str, deque[int]] = OrderedDict()  # when, in the last minute

    @contextmanager
    def taken(self, address: str) -> Generator[None]:
        """Raises Throttled (facts: wait_s). Without an address only what runs together counts."""
        whose = network(address)
        if self._running.total() >= self._most:
            template = "{most} programs are running already (limits.playground_runs)"
            raise Throttled("programs_most", template, most=self._most, wait_s=SOON_S)
        if whose:
            self._admit(whose)
        self._running[whose] += 1
        try:
            yield
        finally:
            self._running[whose] -= 1
            if not self._running[whose]:
                del self._running[whose]

    def _admit(self, whose: str) -> None:
        now = self._clock.now()
        if self._running[whose] >= self._most_of_one:
            template = "{most} programs of your address are running (limits.playground_runs_of_address)"
            raise Throttled("programs_of_address", template, most=self._most_of_one, wait_s=SOON_S)
        begun = self._begun.pop(whose, None) or deque[int]()
        while begun and begun[0] <= now - MINUTE_MS:
            begun.popleft()
        self._begun[whose] = begun
        if len(begun) >= self._per_minute:
            wait_s = -(-(begun[0] + MINUTE_MS - now) // 1000)
            template = (
                "your address has run {most} programs in a minute (limits.playground_runs_per_minute); "
                "try again in {wait_s} s"
            )
            raise Throttled("programs_per_minute", template, most=self._per_minute, wait_s=wait_s)
        begun.append(now)
        if len(self._begun) > MOST_KEPT:
            self._begun.popitem(last=False)


def network(address: str) -> str:
    """One household has 2^64 addresses of the newer kind."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(int(parsed) >> 64) if isinstance(parsed, IPv6Address) else address
