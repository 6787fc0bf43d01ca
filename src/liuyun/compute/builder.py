"""`requirements.txt` in a code package: what it names is installed beside the code, once, when it is deployed.

Installing runs whatever the packages bring (a `setup.py`, say), so it happens in a sandbox: without the platform,
without the machine's files but for the folders that the operator's pip configuration names, and with a way out to its
package indexes alone. What was installed lies in the sandbox's /tmp, bounded as any; the platform takes it from there.
"""

import asyncio
import importlib.util
import os
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from liuyun.compute import pip_settings
from liuyun.compute.gathering import Room, gather
from liuyun.compute.interpreters import Interpreter, interpreter_for
from liuyun.compute.pip import KEPT_LINES, LINE_BYTES, TIME_S, environment, follow, install
from liuyun.compute.pip_settings import PipSettings
from liuyun.compute.sandbox.doors import Doorkeeper
from liuyun.compute.sandbox.egress import Caller
from liuyun.compute.sandbox.root import BUNDLE, PACKAGER, Bind, Root
from liuyun.compute.sandbox.sandbox import PROXY, Program, Sandbox, Sandboxes, Wish
from liuyun.errors import InvalidPackage, Unavailable
from liuyun.ids import Ids
from liuyun.settings import Limits

REQUIREMENTS = "requirements.txt"
SITE = "/tmp/site"  # noqa: S108 - the sandbox's own
MB = 1024 * 1024
CPUS = 2.0
STATUS_BYTES = 16
END_S = 10
# Tells how pip ended, and stays until the platform has taken what it installed.
SCRIPT = '"$@"; printf %s $? >&3; read -r _ <&3'
Roots = Callable[[Interpreter, Mapping[str, bytes], Sequence[Bind]], Awaitable[Root]]
Doorkeepers = Callable[[PipSettings], Doorkeeper]


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder:
    """`roots` makes a root with further files and binds; `doorkeepers` one whose way out leads to the indexes alone."""

    sandboxes: Sandboxes
    roots: Roots
    doorkeepers: Doorkeepers
    limits: Limits
    ids: Ids

    async def install_requirements(self, code_dir: Path, runtime: str) -> str:
        """Installs them into `code_dir`, where the runtime imports from. Returns pip's last lines, "" without the file.

        Raises InvalidPackage with what pip said, TooLarge, or Unavailable if there is no pip or no time left.
        """
        if not (code_dir / REQUIREMENTS).is_file():
            return ""
        interpreter = await asyncio.to_thread(interpreter_for, runtime if runtime.startswith("python") else "python3")
        if not self.sandboxes.isolated:
            wanted = ["--requirement", str(code_dir / REQUIREMENTS)]
            return await install(interpreter.path, code_dir, wanted, lambda _: None)
        settings = pip_settings.read(await pips_configuration(), os.environ)
        sandbox = await self.sandboxes.start(await self._wish(code_dir, interpreter, settings))
        return await self._watch(sandbox, code_dir, settings)

    async def _wish(self, code_dir: Path, interpreter: Interpreter, settings: PipSettings) -> Wish:
        files = {path: await asyncio.to_thread(Path(path).read_bytes) for path in settings.files}
        binds = [(pips_folder(), f"{PACKAGER}/pip"), *((folder, folder) for folder in settings.folders)]
        pip = (
            interpreter.path, "-m", "pip", "install", "--target", SITE, "--upgrade", "--no-input",
            "--no-warn-script-location", "--disable-pip-version-check", "--progress-bar", "off",
            "--requirement", f"/code/{REQUIREMENTS}",
        )  # fmt: skip
        proxy = f"http://{settings.proxy_user}127.0.0.1:{PROXY}"
        variables = {
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8", "PYTHONPATH": PACKAGER,  # noqa: S108
            "http_proxy": proxy, "https_proxy": proxy, "SSL_CERT_FILE": BUNDLE, "PIP_CERT": BUNDLE,
            **settings.environment,
        }  # fmt: skip
        return Wish(
            name=f"packages-{self.ids.hex(8)}",
            interpreter=interpreter,
            code_dir=str(code_dir),
            standard_layer=None,
            memory_bytes=self.limits.install_memory_mb * MB,
            tmp_bytes=2 * self.limits.code_unpacked_bytes,
            program=Program(("/bin/sh", "-c", SCRIPT, "sh", *pip), tuple(variables.items())),
            cpus=CPUS,
            most_cpus=CPUS,
            root=await self.roots(interpreter, files, binds),
        )

    async def _watch(self, sandbox: Sandbox, code_dir: Path, settings: PipSettings) -> str:
        caller = Caller("", "packages", REQUIREMENTS, code_dir.parent.name, internet_access=False)
        doors = await self.doorkeepers(settings).open(sandbox.doors, caller)
        lines: deque[str] = deque(maxlen=KEPT_LINES)
        printed, transport = await reader_of(sandbox.output)
        reading = asyncio.ensure_future(follow(printed, lines, lambda _: None))
        try:
            async with asyncio.timeout(TIME_S):
                status = await asyncio.get_running_loop().sock_recv(sandbox.channel, STATUS_BYTES)
            if status == b"0":
                room = Room(self.limits.code_unpacked_bytes, self.limits.code_entries)
                await asyncio.to_thread(gather, Path(f"/proc/{sandbox.process.pid}/root{SITE}"), code_dir, room)
        except TimeoutError:
            raise Unavailable(
                "install_too_long",
                "Installing {what} took more than {seconds} seconds and was given up.",
                what=REQUIREMENTS,
                seconds=TIME_S,
            ) from None
        except OSError as error:
            raise InvalidPackage(
                "install_not_taken",
                "What {requirements} brought can't be taken: {detail}.",
                requirements=REQUIREMENTS,
                detail=error.strerror,
            ) from None
        finally:
            sandbox.channel.close()
            out_of_memory = sandbox.group.out_of_memory()
            await sandbox.close()
            await doors.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(END_S):
                    await reading
            transport.close()
        if status != b"0":
            memory_mb = self.limits.install_memory_mb
            said = "\n".join(lines)
            if out_of_memory:
                raise InvalidPackage(
                    "install_memory",
                    "Installing {what} failed: it used more than {memory} MB of memory (limits.install_memory_mb)."
                    "\n{said}",
                    what=REQUIREMENTS,
                    memory=memory_mb,
                    said=said,
                )
            raise InvalidPackage("install_failed", "Installing {what} failed:\n{said}", what=REQUIREMENTS, said=said)
        return "\n".join(lines)


async def reader_of(descriptor: int) -> tuple[asyncio.StreamReader, asyncio.ReadTransport]:
    """Closing the transport closes the descriptor."""
    reader = asyncio.StreamReader(limit=LINE_BYTES)
    loop = asyncio.get_running_loop()
    pipe = os.fdopen(descriptor, "rb", buffering=0)
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    return reader, transport


def pips_folder() -> str:
    """Where the platform's own pip lies. Raises Unavailable."""
    found = importlib.util.find_spec("pip")
    if found is None or not found.submodule_search_locations:
        raise Unavailable(
            "pip_missing",
            "There is no pip for {requirements}: install it for {executable} (-m ensurepip).",
            requirements=REQUIREMENTS,
            executable=sys.executable,
        )
    return str(Path(found.submodule_search_locations[0]))


async def pips_configuration() -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pip", "config", "list", env=environment(),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    listing, _ = await process.communicate()
    return listing.decode(errors="replace")
