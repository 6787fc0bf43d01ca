"""Packages that would write elsewhere when they are unpacked, or never end."""

import io
import re
import struct
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable

import pytest

from tests.contract.fc.clients import post, refused
from tests.escape.world import World

INDEX = "def handler(event, context):\n    return open('/code/link').read()\n"


def zipped(fill: Callable[[zipfile.ZipFile], object]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.py", INDEX)
        fill(archive)
    return buffer.getvalue()


def special(name: str, mode: int, content: str = "") -> bytes:
    def fill(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = mode << 16
        archive.writestr(info, content)

    return zipped(fill)


def lying_bomb() -> bytes:
    """Announces a kilobyte and holds 48 MB."""
    content = zipped(lambda archive: archive.writestr("zeros", bytes(48 << 20)))
    return content.replace(struct.pack("<L", 48 << 20), struct.pack("<L", 1024))


def overlapping_bomb() -> bytes:
    """Many names for one stream of zeros."""
    content = zipped(lambda archive: archive.writestr("zeros", bytes(8 << 20)))
    end = content.rfind(b"PK\x05\x06")
    start = content.find(b"PK\x01\x02")
    zeros = content[content.find(b"PK\x01\x02", start + 1) : end]
    index = content[start:end] + b"".join(zeros.replace(b"zeros", b"z%04d" % n) for n in range(200))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 202, 202, len(index), start, 0)
    return content[:start] + index + tail


ATTEMPTS = {
    "a path upwards": lambda: zipped(lambda archive: archive.writestr("../../evil.py", "x")),
    "an absolute path": lambda: zipped(lambda archive: archive.writestr("/tmp/evil.py", "x")),
    "a path of another system": lambda: zipped(lambda archive: archive.writestr("..\\evil.py", "x")),
    "a link out": lambda: special("link", 0o120777, "/etc/shadow"),
    "a link upwards": lambda: special("link", 0o120777, "../../../authority/ca.key"),
    "a device": lambda: special("mem", 0o20666),
    "a pipe": lambda: special("pipe", 0o10666),
    "a bomb": lambda: zipped(lambda archive: archive.writestr("zeros", bytes(65 << 20))),
    "a bomb that lies": lying_bomb,
    "a bomb of one stream with many names": overlapping_bomb,
    "a swarm of files": lambda: zipped(lambda archive: [archive.writestr(f"f{n}", "") for n in range(50_001)]),
    "no zip file": lambda: b"PK\x03\x04 nothing",
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_a_package_that_is_refused(world: World, name: str):
    """With an error that says what is wrong with it; nothing of it is left, and the platform serves."""
    folder = world.running.platform.settings.data / "code"
    before = sorted(path.name for path in folder.iterdir())
    document = {
        "functionName": "packed", "runtime": "python3", "handler": "index.handler",
        "code": {"zipFile": b64encode(ATTEMPTS[name]()).decode()},
    }  # fmt: skip
    error = refused(lambda: post(world.deployed.client, "/services/attacked/functions", document))
    assert error.status_code == 400
    assert re.search("the code package|the entry|the link", str(error.message))
    assert sorted(path.name for path in folder.iterdir()) == before
    assert world.deployed.invoke("neighbour", b"x").data == b"neighbour: x"


def test_bytes_were_really_a_bomb():
    """The attempts above are what they are said to be."""
    assert len(lying_bomb()) < 1 << 18
    assert len(zlib.compress(bytes(1 << 20))) < 2000
