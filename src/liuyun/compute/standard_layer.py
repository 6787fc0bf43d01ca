"""The vendor's SDKs, which are simply there in the vendor's runtimes: a read-only layer, made once from PyPI.

One folder for each Python version, shared by all installations of a user (`~/.cache/liuyun`, or where
LIUYUN_CACHE points to). Its name holds a digest of what is in it: another list makes another folder.
Functions run without it where PyPI can't be reached; importing an SDK then fails as importing anything else that
isn't there.
"""

import asyncio
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from liuyun.compute import pip
from liuyun.compute.interpreters import Interpreter

# Pinned, so that the same platform means the same SDKs; what they depend on may move within their own bounds.
CONTENTS = (
    "aliyun-python-sdk-core==2.16.1",
    "aliyun-python-sdk-fnf==1.8.3",
    "aliyun-mns-sdk==1.3.0",
    "aliyun-fc2==2.5.2",
    "oss2==2.19.1",
    "aliyun-log-python-sdk==0.9.52",
    "requests>=2.32,<3",
    "setuptools>=65,<81",  # older SDKs import pkg_resources
)
DONE = ".complete"


def layer_folder(interpreter: Interpreter) -> Path:
    """Where the layer of an interpreter is or will be."""
    base = os.environ.get("LIUYUN_CACHE") or Path.home() / ".cache/liuyun"
    digest = hashlib.sha256("\n".join(CONTENTS).encode()).hexdigest()[:12]
    return Path(base) / f"standard-py{interpreter.version[0]}.{interpreter.version[1]}-{digest}"


def existing_layer(interpreter: Interpreter) -> Path | None:
    folder = layer_folder(interpreter)
    return folder if (folder / DONE).exists() else None


async def ensure_layer(interpreter: Interpreter, progress: Callable[[str], None]) -> Path:
    """The layer's folder, made if it isn't there. Raises InvalidPackage or Unavailable as pip.install does."""
    folder = layer_folder(interpreter)
    if (folder / DONE).exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        await pip.install(interpreter.path, draft, CONTENTS, progress)
        progress("Compiling the vendor's SDKs.")
        await compile_all(interpreter, draft)
        await asyncio.to_thread(publish, draft, folder)
    finally:
        await asyncio.to_thread(partial(shutil.rmtree, draft, ignore_errors=True))
    return folder


def publish(draft: Path, folder: Path) -> None:
    """Another process may have been quicker: then its layer stays, and ours goes."""
    draft.chmod(0o755)
    (draft / DONE).touch()
    try:
        draft.rename(folder)
    except OSError:
        if not (folder / DONE).exists():
            shutil.rmtree(folder, ignore_errors=True)
            draft.rename(folder)


async def compile_all(interpreter: Interpreter, folder: Path) -> None:
    """Bytecode, so that the read-only layer imports fast; under `unchecked` it is never compared to the source."""
    process = await asyncio.create_subprocess_exec(
        interpreter.path, "-I", "-m", "compileall", "-q", "-j0", "--invalidation-mode", "unchecked-hash", str(folder),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    await process.wait()  # a file for another Python version may not compile; it wouldn't import either
