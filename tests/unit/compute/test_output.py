"""Whose line it is, and how many lines there may be."""

import asyncio
import os
from collections.abc import Callable

from liuyun.compute.output import LINE_BYTES, MARK, InvocationOutput, Output


def recorded(act: Callable[[Output, int], None], room: int = 10_000) -> list[tuple[str, str, str]]:
    lines: list[tuple[str, str, str]] = []

    async def main() -> None:
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        output = Output(reading, lambda *line: lines.append(line[:3]), room=room)
        act(output, writing)
        os.close(writing)
        output.drain()
        output.close()

    asyncio.run(main())
    return lines


def test_lines_belong_to_the_running_invocation():
    """What is printed outside of any belongs to none."""

    def act(output: Output, pipe: int) -> None:
        os.write(pipe, b"before\n")
        output.drain()
        invocation = output.begin("r1", tail=False)
        os.write(pipe, b"inside\nunfinished")
        output.end(invocation)
        os.write(pipe, b"after\n")

    assert recorded(act) == [
        ("", "before", "stdout"), ("r1", "inside", "stdout"), ("r1", "unfinished", "stdout"), ("", "after", "stdout"),
    ]  # fmt: skip


def test_of_several_a_line_belongs_to_the_one_it_names():
    """Logged lines carry their request id in front."""

    def act(output: Output, pipe: int) -> None:
        output.begin("r1", tail=False)
        output.begin("r2", tail=False)
        os.write(pipe, b"2024-01-01T00:00:00.000Z r1 [INFO] x\nprinted\n")

    assert [line[0] for line in recorded(act)] == ["r1", "r2"]


def test_the_log_of_an_invocation_is_bounded():
    """It is cut once, and says so."""

    def act(output: Output, pipe: int) -> None:
        output.begin("r1", tail=False)
        os.write(pipe, b"x" * 100 + b"\n" + b"y" * 900 + b"\n" + b"z\n")

    lines = recorded(act, room=500)
    assert [text for _, text, _ in lines][:1] == ["x" * 100]
    assert [stream for _, _, stream in lines] == ["stdout", "platform"]


def test_bytes_that_are_no_text_are_shown_somehow():
    """A function may print anything."""
    assert recorded(lambda output, pipe: void(os.write(pipe, b"\xff\n")))[0][1] == "�"


def void(_: object) -> None:
    pass


def test_a_line_is_bounded():
    """One without an end is cut into pieces."""
    lines = recorded(lambda output, pipe: void(os.write(pipe, b"x" * (LINE_BYTES + 10))))
    assert max(len(text) for _, text, _ in lines) <= LINE_BYTES


def test_the_tail_keeps_the_end():
    """Four kilobytes of it, with the summary last."""
    invocation = InvocationOutput("r", 10**6, tail=True)
    for number in range(2000):
        invocation.takes(f"line {number}")
    tail = invocation.tail("summary")
    assert len(tail) == 4096
    assert tail.endswith("line 1999\r\n\r\nsummary")


def test_calls_that_wait_for_their_turn_print_nothing():
    """Until the worker says that one of them has begun; what it left unfinished before is of the one before."""

    def act(output: Output, pipe: int) -> None:
        first = output.begin("r1", tail=False)
        second = output.begin("r2", tail=False, ahead=True)
        os.write(pipe, b"one\nunfinished" + MARK + b"r2\ntwo\n")
        output.end(first)
        os.write(pipe, b"more\n")
        output.caught_up = False
        output.end(second)
        output.begin("r3", tail=False)
        os.write(pipe, b"three\n")

    assert [line[:2] for line in recorded(act)] == [
        ("r1", "one"), ("r1", "unfinished"), ("r2", "two"), ("r2", "more"), ("r3", "three"),
    ]  # fmt: skip


def test_what_came_with_one_answer_is_read_once():
    """Several answers that came together have one look at the output; what is printed later is found at the next."""

    def act(output: Output, pipe: int) -> None:
        first, second = (output.begin(name, tail=False, ahead=True) for name in ("r1", "r2"))
        os.write(pipe, b"one\n" + MARK + b"r2\ntwo\n")
        output.end(first)
        os.write(pipe, b"later\n")
        output.end(second)

    assert [line[:2] for line in recorded(act)] == [("r1", "one"), ("r2", "two"), ("", "later")]
