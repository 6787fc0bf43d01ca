"""What an instance prints: cut into lines, each given to the invocation that it belongs to, and bounded."""

import asyncio
import os
from collections import deque
from collections.abc import Callable

READ_BYTES = 64 * 1024  # what a pipe holds
READS_AT_ONCE = 4  # so that a flood can't keep the platform's loop
LINE_BYTES = 32 * 1024
LINE_COST = 64  # a line costs this much beside its text
MARK = b"\0liuyun:"  # with a request id, up to the end of a line
TAIL_CHARACTERS = 4096  # of X-Fc-Log-Result (fc contract 1.7)

Record = Callable[[str, str, str], None]  # request id, text, stream


class InvocationOutput:
    """The log of one invocation; `tail` is its end."""

    __slots__ = ("_room", "_tail_characters", "cut", "kept", "request_id")

    def __init__(self, request_id: str, room: int, *, tail: bool) -> None:
        self.request_id = request_id
        self.cut = False
        self._room = room
        self.kept: deque[str] | None = deque() if tail else None
        self._tail_characters = 0

    def takes(self, text: str) -> bool:
        """Whether there is room for one more line."""
        self._room -= len(text) + LINE_COST
        if self._room < 0:
            return False
        self.remember(text)
        return True

    def remember(self, text: str) -> None:
        if self.kept is None:
            return
        self.kept.append(text)
        self._tail_characters += len(text) + 2
        while self._tail_characters > 2 * TAIL_CHARACTERS:
            self._tail_characters -= len(self.kept.popleft()) + 2

    def tail(self, summary: str) -> str:
        """CRLF between the lines and a summary after an empty one, the last 4 KB of it."""
        return "\r\n".join((*(self.kept or ()), "", summary))[-TAIL_CHARACTERS:]


class Output:
    """The reading end of an instance's output.

    With one call at a time, what is printed belongs to that call; with several, a line that names one of them (as all
    logged lines do) belongs to that, and others to the latest. Of calls that were handed to the worker ahead of their
    turn it says itself, by a MARK, whose output follows.
    """

    def __init__(self, descriptor: int, record: Record, *, room: int, hidden: tuple[str, ...] = ()) -> None:
        """Lines that begin with one of `hidden` are dropped."""
        self._descriptor = descriptor
        self._record = record
        self._room = room
        self._hidden = hidden
        self._open: dict[str, InvocationOutput] = {}
        self._partial = b""
        self.caught_up = False  # what was printed before the latest answer has been read
        self._in_turn = False  # one of those open runs, the others wait
        self._speaker = ""  # who prints now, if the worker has said so
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(descriptor, self.drain)

    def begin(self, request_id: str, *, tail: bool, ahead: bool = False) -> InvocationOutput:
        """`ahead`: others, begun before, have to end first."""
        self._in_turn = self._in_turn or ahead
        invocation = self._open[request_id] = InvocationOutput(request_id, self._room, tail=tail)
        return invocation

    def end(self, invocation: InvocationOutput) -> None:
        """Takes what the invocation has printed up to now."""
        if not self.caught_up:
            self.drain()
            self.caught_up = True
        if self._partial:
            self._flush_partial()
        self._open.pop(invocation.request_id, None)
        if self._speaker == invocation.request_id:
            self._speaker = ""

    def note(self, invocation: InvocationOutput, text: str) -> None:
        """A line of the platform's own."""
        if invocation.kept is not None:
            invocation.remember(text)
        self._record(invocation.request_id, text, "platform")

    def requests(self) -> tuple[str, ...]:
        """Of the invocations that are running."""
        return tuple(self._open)

    def tell(self, text: str) -> None:
        """A line of the platform's own for the latest invocation, within what there is room for."""
        invocation = self._current()
        if invocation is not None and invocation.takes(text):
            self._record(invocation.request_id, text, "platform")

    def drain(self) -> None:
        for _ in range(READS_AT_ONCE):
            if self._descriptor < 0:
                return
            try:
                data = os.read(self._descriptor, READ_BYTES)
            except BlockingIOError:  # nearly always: most calls print nothing
                return
            if not data:
                self.close()
                return
            self._feed(data)

    def close(self) -> None:
        if self._descriptor >= 0:
            self._loop.remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1
            self._flush_partial()

    def _feed(self, data: bytes) -> None:
        *lines, self._partial = (self._partial + data).split(b"\n")
        for line in lines:
            if MARK in line:
                self._turn(line)
            else:
                self._take(line)
        if len(self._partial) > LINE_BYTES:
            self._flush_partial()

    def _flush_partial(self) -> None:
        if self._partial:
            line, self._partial = self._partial, b""
            self._take(line)

    def _take(self, line: bytes) -> None:
        text = line[:LINE_BYTES].decode("utf-8", "replace").rstrip("\r")
        if text.startswith(self._hidden):
            return
        invocation = self._owner(text)
        if invocation is None:
            self._record("", text, "stdout")
        elif invocation.takes(text):
            self._record(invocation.request_id, text, "stdout")
        elif not invocation.cut:
            invocation.cut = True
            self.note(invocation, f"The log of this invocation was cut here: it has more than {self._room} bytes.")

    def _owner(self, text: str) -> InvocationOutput | None:
        if len(self._open) > 1:
            for word in text.split(" ", 2)[:2]:
                if word in self._open:
                    return self._open[word]
        return self._current()

    def _current(self) -> InvocationOutput | None:
        """Of those whose turn hasn't come nothing is printed without a word of the worker's before."""
        if self._speaker in self._open:
            return self._open[self._speaker]
        return next(iter(self._open.values()) if self._in_turn else reversed(self._open.values()), None)

    def _turn(self, line: bytes) -> None:
        """What another call prints follows; the rest of a line was still of the one before it."""
        rest, _, speaker = line.partition(MARK)
        if rest:
            self._take(rest)
        self._speaker = speaker.decode("utf-8", "replace")
