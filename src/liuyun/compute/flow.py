"""A body on its way out of an instance, which is busy with it until it has been read to its end or closed."""

from collections.abc import Callable

from liuyun.compute.outcome import Answered, Outcome, Stream


class Interrupted(Exception):
    """The answer broke off; what has been sent of it can't be taken back."""


class Flow:
    """`finish` is told once what became of the call; None: whoever read left."""

    def __init__(self, stream: Stream, finish: Callable[[Outcome | None], None]) -> None:
        self._stream = stream
        self._finish: Callable[[Outcome | None], None] | None = finish

    def __aiter__(self) -> "Flow":
        return self

    async def __anext__(self) -> bytes:
        """Raises Interrupted."""
        broken = False
        try:
            piece = await self._stream.read()
        except ConnectionError:
            piece, broken = b"", True
        if piece:
            return piece
        outcome = await self._stream.final
        self._end(outcome)
        if broken or not isinstance(outcome, Answered):
            raise Interrupted
        raise StopAsyncIteration

    async def aclose(self) -> None:
        if self._finish is not None:
            self._stream.close()
            self._end(None)

    def _end(self, outcome: Outcome | None) -> None:
        finish, self._finish = self._finish, None
        if finish is not None:
            finish(outcome)
