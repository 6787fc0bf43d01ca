"""`liuyun serve` as a process: its first start, its stop, and what refuses it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.application import clean_environment, free_port, http, wait_for_line

READY = "Next, in another shell:"
TITLE = "A new platform; these are its keys"


@contextmanager
def serving(data: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "liuyun", "serve", "--data", str(data), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=clean_environment()) as process:
        try:
            yield process
        finally:
            process.kill()


def refused(data: Path, *options: str) -> str:
    """What a start that can't succeed says."""
    command = [sys.executable, "-m", "liuyun", "serve", "--data", str(data), *options]
    ended = subprocess.run(command, capture_output=True, text=True, env=clean_environment(), timeout=60, check=False)
    assert ended.returncode == 1
    return ended.stderr


def test_first_start_shows_the_keys_once(tmp_path: Path) -> None:
    """The keys are made and shown on the first start, and only then; a clean stop ends with 0."""
    shown: list[bool] = []
    for _ in range(2):
        with serving(tmp_path, "--port", "0") as process:
            shown.append(TITLE in wait_for_line(process, READY))
            assert http("GET", (tmp_path / "endpoint").read_text().strip() + "/healthz")[0] == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
    assert shown == [True, False]
    assert not (tmp_path / "endpoint").exists()


def test_killed_platform_starts_again(tmp_path: Path) -> None:
    """A platform that was killed leaves no lock behind."""
    for _ in range(2):
        with serving(tmp_path, "--port", "0") as process:
            wait_for_line(process, READY)
            os.kill(process.pid, signal.SIGKILL)
            process.wait(60)


def test_data_and_secrets_are_private(tmp_path: Path) -> None:
    """Nobody else on the machine can read what the platform keeps."""
    data = tmp_path / "data"
    with serving(data, "--port", "0") as process:
        wait_for_line(process, READY)
        assert data.stat().st_mode & 0o077 == 0
        assert (data / "master.key").stat().st_mode & 0o077 == 0


def test_port_in_use(tmp_path: Path) -> None:
    """A port that is taken is named, with what to do."""
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        assert f"Port {port} of 127.0.0.1 is in use" in refused(tmp_path, "--port", str(port))


def test_bad_configuration(tmp_path: Path) -> None:
    """A wrong key or value stops the start by its name; so does a file that isn't there."""
    file = tmp_path / "liuyun.toml"
    file.write_text("nonsense = 1\n[limits]\ninstances = -1\n")
    said = refused(tmp_path, "--config", str(file))
    assert "nonsense" in said
    assert "limits.instances" in said
    assert "can't be read" in refused(tmp_path, "--config", str(tmp_path / "nothing.toml"))
