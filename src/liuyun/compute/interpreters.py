"""Which Python interpreters this machine has, and which one a runtime's name means.

`python3` is the interpreter that runs the platform. `python3.9`, `python3.10` … are that version where it is installed,
else the nearest newer one: functions for old versions go on running on machines that no longer have them. Where
nothing newer is there either, the newest does its best, and the log says so.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

import structlog

from liuyun.errors import Unsupported

OLDEST, NEWEST = 10, 20  # minor versions of Python 3 that are looked for; the worker needs 3.10
ANSWER_S = 10
NAME = re.compile(r"python3(?:\.(\d{1,2}))?")
ASK = (
    "import json, os, sys;"
    "print(json.dumps([list(sys.version_info[:2]), os.path.realpath(sys.executable), sys.base_prefix]))"
)
log = structlog.get_logger()
ASKING = Lock()


@dataclass(frozen=True, slots=True)
class Interpreter:
    """`prefix` is the folder that holds its standard library; a sandbox must show it."""

    version: tuple[int, int]
    path: str
    prefix: str

    def __str__(self) -> str:
        return f"Python {self.version[0]}.{self.version[1]} ({self.path})"


def interpreter_for(runtime: str) -> Interpreter:
    """Raises Unsupported for a runtime that isn't Python 3."""
    name = NAME.fullmatch(runtime)
    if name is None:
        raise Unsupported(
            "runtime_python_unknown",
            "The runtime '{runtime}' is not offered here; python3 and python3.10 or newer are.",
            runtime=runtime,
        )
    if runtime == "python3":
        return own()
    minor = int(name[1] or 0)
    chosen = nearest(minor, installed())
    if chosen.version[1] != minor:
        tell_substitute(runtime, chosen)
    return chosen


def nearest(minor: int, present: Sequence[Interpreter]) -> Interpreter:
    """Of interpreters from old to new: that minor version, else the next newer one, else the newest."""
    return next((found for found in present if found.version[1] >= minor), present[-1])


@cache
def tell_substitute(runtime: str, chosen: Interpreter) -> None:
    """Once, however many functions ask."""
    log.warning("runtime not installed, the nearest one is used", runtime=runtime, interpreter=str(chosen))


@cache
def own() -> Interpreter:
    """The interpreter under the platform, outside of any virtual environment."""
    found = ask(getattr(sys, "_base_executable", sys.executable)) or ask(sys.executable)
    assert found is not None, "it is running"
    return found


def installed() -> tuple[Interpreter, ...]:
    """One for each version, the oldest first. First calls that come together ask the machine once."""
    with ASKING:
        return survey()


@cache
def survey() -> tuple[Interpreter, ...]:
    versions = {own().version: own()}
    for candidate in candidates():
        found = ask(candidate)
        if found is not None and found.version[1] >= OLDEST:
            versions.setdefault(found.version, found)
    return tuple(versions[version] for version in sorted(versions))


def candidates() -> Iterator[str]:
    pyenv = sorted((Path.home() / ".pyenv/versions").glob("3.*/bin/python3"), reverse=True)
    yield from (str(path) for path in pyenv if path.exists())
    for minor in range(OLDEST, NEWEST):
        for folder in (None, "/usr/bin:/usr/local/bin:/opt/python/bin"):
            if path := shutil.which(f"python3.{minor}", path=folder):
                yield path


def ask(path: str) -> Interpreter | None:
    """What is at `path`; None if it doesn't run (a shim for a version that isn't there, say)."""
    try:
        answer = subprocess.run(  # noqa: S603 - a path that we looked up
            [path, "-I", "-c", ASK], capture_output=True, timeout=ANSWER_S, check=True, env={}
        )
        version, executable, prefix = json.loads(answer.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return Interpreter((version[0], version[1]), executable, prefix)
