"""Packages whose installation attacks: they run what they please while they are built, before any call."""

import json
from pathlib import Path
from textwrap import dedent
from uuid import uuid4

import pytest

from tests.contract.fc.clients import refused
from tests.escape.world import PRELUDE, World, processes_named

PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
BACKEND = """
import zipfile
def build_wheel(folder, *_):
    name = "evil-1-py3-none-any.whl"
    with zipfile.ZipFile(folder + "/" + name, "w") as wheel:
        wheel.writestr("evil.json", json.dumps(attack()))
        wheel.writestr("evil-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: evil\\nVersion: 1\\n")
        wheel.writestr("evil-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("evil-1.dist-info/RECORD", "")
    return name
"""
NAME = f"ins-{uuid4().hex[:8]}"
HANDLER = "def handler(event, context):\n    return open('/code/evil.json').read()\n"


def package(folder: Path, attack: str) -> str:
    """A package that needs another one that it brings along."""
    (folder / "evil").mkdir(parents=True)
    (folder / "index.py").write_text(HANDLER)
    (folder / "requirements.txt").write_text("./evil\n")
    (folder / "evil/pyproject.toml").write_text(PROJECT)
    (folder / "evil/backend.py").write_text(PRELUDE + BACKEND + dedent(attack))
    return str(folder)


def create(world: World, name: str, folder: str) -> None:
    world.deployed.client.create_function("attacked", name, "python3", "index.handler", codeDir=folder, timeout=10)


def test_it_sees_neither_the_machine_nor_the_platform(world: World, tmp_path: Path):
    """No file of the machine, no port, no way out but to the package index; a daemon ends with the installation."""
    data = world.running.platform.settings.data
    acts = [
        f"open({str(data / 'liuyun.db')!r}, 'rb').read(9)",
        f"open({str(data / 'authority/ca.key')!r}).read()",
        "open('/etc/shadow').read()",
        "os.listdir('/home')",
        "open('/code/index.py', 'w')",
        "open('/usr/bin/evil', 'w')",
        "call(165, 40, b'x', b'/tmp', b'tmpfs', 0, 0)",
        f"socket.create_connection(('127.0.0.1', {world.running.port}), 2)",
        f"fetch('http://127.0.0.1:{world.running.port}/')",
        "fetch('http://169.254.169.254/latest/meta-data/')",
        "tunnel('93.184.215.14:443')",
        "tunnel('example.com:443')",
        f"fetch('http://{world.running.account_id}.cn-hangzhou.fc.aliyuncs.com/2016-08-15/services')",
    ]
    pairs = ", ".join(f"({act!r}, lambda: {act})" for act in acts)
    attack = f"""
        def attack():
            if os.fork() == 0:
                os.setsid()
                os.closerange(0, 100)
                libc.prctl(15, b"{NAME}")
                signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))
                time.sleep(600)
            return {{text: tried(act) for text, act in [{pairs}]}}
    """
    create(world, "installed", package(tmp_path / "evil", attack))
    outcomes = json.loads(world.deployed.invoke("installed").data)
    assert len(outcomes) == len(acts)
    assert {act: outcome for act, outcome in outcomes.items() if outcome[0] != "refused"} == {}
    assert processes_named(NAME) == []


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        ("    raise SystemExit('no, thank you')", "no, thank you"),
        ("    open('/tmp/big', 'wb').write(bytes(1 << 28))", "Installing requirements.txt failed"),
        ("    kept = b'x' * (1 << 30)", "Installing requirements.txt failed"),
    ],
)
def test_a_failure_is_told(world: World, tmp_path: Path, attack: str, reason: str):
    """The deployment fails with what pip said; the platform serves."""
    error = refused(lambda: create(world, "failing", package(tmp_path / "evil", f"def attack():\n{attack}\n")))
    assert error.status_code == 400
    assert reason in str(error.message)
    assert world.deployed.invoke("neighbour", b"x").data == b"neighbour: x"
