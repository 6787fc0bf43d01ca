"""Receivers that wait for a queue: first come, first served, one woken for each message, no polling.

A receiver takes a *place* in the queue's *line*, looks into the queue, and sleeps if nothing was there. Whoever makes
messages available *rings*: as many sleepers as there are messages wake, from the head of the line, and look again. One
that was overtaken goes back to sleep in its old place. What becomes available by time alone (a delay or a visibility
that ends) is noted with `due`; one alarm for the line rings then.

The line keeps this true: while somebody sleeps and a message is available, somebody is awake who will look, or the
alarm is set. Therefore
- a look that found nothing, or that was called for by the alarm, notes when the next message is due, as the same
  transaction saw it, and a look that made more messages ready than it took rings for the others;
- a place that heard a ring after its look began looks again before it sleeps (`rings`);
- a place that leaves while it owes a look (cancelled, failed) passes the ring on;
- one who comes while others sleep needs no look: it sleeps behind them.
"""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from liuyun.clock import Clock, wait_for
from liuyun.scheduling.alarm import Alarm


class Place:
    """One receiver's turn-taking. `owes_look`: it was woken and hasn't said yet what it found."""

    def __init__(self) -> None:
        self.owes_look = False
        self._sleep: asyncio.Future[None] | None = None

    @property
    def asleep(self) -> bool:
        return self._sleep is not None and not self._sleep.done()

    def wake(self) -> None:
        if self._sleep is not None and not self._sleep.done():
            self.owes_look = True
            self._sleep.set_result(None)

    async def sleep(self, clock: Clock, deadline: int) -> bool:
        """False if nobody woke it before the deadline, by the steady clock."""
        self._sleep = asyncio.get_running_loop().create_future()
        try:
            await wait_for(clock, self._sleep, deadline - clock.steady())
        except TimeoutError:
            return False
        else:
            return True
        finally:
            self._sleep = None


class Line:
    def __init__(self, clock: Clock, *, closed: bool = False) -> None:
        self.rings = 0
        self.closed = closed
        self._clock = clock
        self._places: dict[Place, None] = {}  # in the order of arrival
        self._alarm = Alarm(clock)
        self._watch: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._places)

    def ring(self, messages: int = 1) -> None:
        if messages > 0:
            self.rings += 1
        for place in self._places:
            if messages <= 0:
                return
            if place.asleep:
                place.wake()
                messages -= 1

    def close(self) -> None:
        """Ends every wait: the sleepers wake and find the line closed."""
        self.closed = True
        self.ring(len(self._places))

    def due(self, instant: int | None) -> None:
        self._alarm.set(instant)

    def sleepers(self) -> bool:
        return any(place.asleep for place in self._places)

    async def sleep(self, place: Place, deadline: int) -> bool:
        if self._watch is None:
            self._watch = asyncio.create_task(self._ring_when_due())
        return await place.sleep(self._clock, deadline)

    def enter(self) -> Place:
        place = Place()
        self._places[place] = None
        return place

    def leave(self, place: Place) -> None:
        del self._places[place]
        if place.owes_look:
            self.ring()
        if not self._places and self._watch is not None:
            self._watch.cancel()
            self._watch = None

    async def _ring_when_due(self) -> None:
        while True:
            await self._alarm.wait()
            self.ring()


class Lines:
    """The lines of all queues that somebody waits for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: dict[int, Line] = {}
        self._closed = False

    @contextmanager
    def enter(self, queue_id: int) -> Generator[tuple[Line, Place]]:
        line = self._lines.get(queue_id)
        if line is None or line.closed:
            line = self._lines[queue_id] = Line(self._clock, closed=self._closed)
        place = line.enter()
        try:
            yield line, place
        finally:
            line.leave(place)
            if not line and self._lines.get(queue_id) is line:
                del self._lines[queue_id]

    def has_sleepers(self, queue_id: int) -> bool:
        line = self._lines.get(queue_id)
        return line is not None and line.sleepers()

    def ring(self, queue_id: int, messages: int = 1) -> None:
        if line := self._lines.get(queue_id):
            line.ring(messages)

    def due(self, queue_id: int, instant: int | None) -> None:
        if line := self._lines.get(queue_id):
            line.due(instant)

    def close(self, queue_id: int) -> None:
        """Nothing will ever come to this queue again."""
        if line := self._lines.get(queue_id):
            line.close()

    def close_all(self) -> None:
        self._closed = True
        for line in self._lines.values():
            line.close()

    def __len__(self) -> int:
        return sum(len(line) for line in self._lines.values())
