"""What bounds a sandbox where there are no control groups."""

from liuyun.compute.interpreters import own
from liuyun.compute.sandbox.sandbox import STACKS_BYTES, Program, Wish, data_bytes

MB = 1024 * 1024


def wish(program: Program | None = None) -> Wish:
    return Wish("one", own(), "/code", None, memory_bytes=128 * MB, tmp_bytes=MB, program=program)


def test_address_space_is_bounded_by_memory():
    """With room for the stacks of threads."""
    assert data_bytes(wish()) == 128 * MB + STACKS_BYTES


def test_what_a_program_only_reserves_is_added():
    """It isn't memory until it is used, and the program can't start without it."""
    program = Program(("/bin/node",), (), reserved_bytes=640 * MB)
    assert data_bytes(wish(program)) == data_bytes(wish()) + 640 * MB
