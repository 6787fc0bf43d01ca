"""Installing packages from PyPI for a function's interpreter: bounded in time, told as it goes, clear when it fails."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from liuyun.errors import InvalidPackage, Unavailable

TIME_S = 900
KEPT_LINES = 40
LINE_BYTES = 64 * 1024
INHERITED = ("PATH", "HOME", "LANG", "SSL_CERT_FILE", "http_proxy", "https_proxy", "no_proxy")
Progress = Callable[[str], None]


async def install(interpreter: str, target: Path, wanted: Sequence[str], progress: Progress) -> str:
    """Runs the platform's own pip under `interpreter`, which may have none. Returns its last lines.

    Raises InvalidPackage with what pip said, or Unavailable if there is no pip or no time left.
    """
    command = [
        sys.executable, "-m", "pip", "--python", interpreter, "install", "--target", str(target), "--upgrade",
        "--no-input", "--no-warn-script-location", "--disable-pip-version-check", "--progress-bar", "off", *wanted,
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=STDOUT, env=environment(), limit=LINE_BYTES
    )
    lines: deque[str] = deque(maxlen=KEPT_LINES)
    try:
        async with asyncio.timeout(TIME_S):
            assert process.stdout is not None
            await follow(process.stdout, lines, progress)
            status = await process.wait()
    except TimeoutError:
        raise Unavailable(
            "install_too_long",
            "Installing {what} took more than {seconds} seconds and was given up.",
            what=" ".join(wanted),
            seconds=TIME_S,
        ) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if status != 0:
        what, said = " ".join(wanted), "\n".join(lines)
        raise InvalidPackage("install_failed", "Installing {what} failed:\n{said}", what=what, said=said)
    return "\n".join(lines)


async def follow(printed: asyncio.StreamReader, lines: deque[str], progress: Progress) -> None:
    while True:
        try:
            raw = await printed.readline()
        except ValueError:  # a line over the limit: nothing that anybody would read
            continue
        if not raw:
            return
        line = raw.decode(errors="replace").rstrip()
        lines.append(line)
        progress(line)


def environment() -> dict[str, str]:
    """What pip needs of ours: where programs, caches and certificates are, and how PyPI is reached; no secrets."""
    kept = {name: value for name, value in os.environ.items() if name in INHERITED or name.startswith("PIP_")}
    return {"HOME": str(Path.home()), "PATH": os.defpath, **kept}
