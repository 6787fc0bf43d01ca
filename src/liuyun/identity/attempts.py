"""How often somebody may try to sign in: a pure count of failures that fade."""

from collections import OrderedDict

FREE_OF_NAME, FREE_OF_ADDRESS = 5, 50  # failures before one must wait; many may share an address
WAIT_MS, LONGEST_MS = 1_000, 15 * 60_000
FORGOTTEN_MS = 60 * 60_000
MOST_KEPT = 10_000


class Attempts:
    """After `free` failures each further one doubles the wait, up to a quarter of an hour."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._failures: OrderedDict[str, tuple[int, int]] = OrderedDict()  # key -> how many, when the last

    def wait_ms(self, key: str, now: int) -> int:
        """How long this one must wait before the next try."""
        count, last = self._failures.get(key, (0, 0))
        if count < self._free or now - last > FORGOTTEN_MS:
            return 0
        return max(0, last + min(WAIT_MS << (count - self._free), LONGEST_MS) - now)

    def failed(self, key: str, now: int) -> None:
        count, last = self._failures.pop(key, (0, 0))
        self._failures[key] = (1 if now - last > FORGOTTEN_MS else min(count + 1, 64), now)
        if len(self._failures) > MOST_KEPT:
            self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        self._failures.pop(key, None)
