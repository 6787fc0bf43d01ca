import os
import uuid

from liuyun.ids import BLOCK, SystemIds


def test_ids_differ():
    """However many are drawn from one block of chance, and across blocks."""
    ids = SystemIds()
    drawn = [ids.uuid() for _ in range(BLOCK)]
    assert len(set(drawn)) == len(drawn)
    assert uuid.UUID(drawn[0]).version == 4


def test_hexadecimal_ids_have_the_asked_length():
    """Also longer ones than a block."""
    ids = SystemIds()
    assert [len(ids.hex(n)) for n in (1, 16, BLOCK + 1)] == [2, 32, 2 * BLOCK + 2]


def test_a_forked_child_draws_other_ids():
    """The block of the parent is forgotten."""
    ids = SystemIds()
    ids.hex(1)
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        os.write(writer, ids.hex(16).encode())
        os._exit(0)
    os.waitpid(child, 0)
    told = os.read(reader, 32).decode()
    os.close(reader)
    os.close(writer)
    assert told != ids.hex(16)
