"""`requirements.txt` in a code package: what it names is installed beside the code, once, when it is deployed."""

from pathlib import Path

from liuyun.compute import pip
from liuyun.compute.interpreters import interpreter_for

REQUIREMENTS = "requirements.txt"


async def install_requirements(code_dir: Path, runtime: str) -> str:
    """Installs them into `code_dir`, where the runtime imports from. Returns pip's last lines, "" without the file.

    Raises InvalidPackage with what pip said, or Unavailable if PyPI could not be asked.
    """
    file = code_dir / REQUIREMENTS
    if not file.is_file():
        return ""
    return await pip.install(interpreter_for(runtime).path, code_dir, ["--requirement", str(file)], lambda _: None)
