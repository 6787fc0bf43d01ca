"""What functions may import of the platform's own: one small file for each language, without dependencies."""

from collections.abc import Mapping
from pathlib import Path

from liuyun.compute.sandbox.root import CLIENTS

FOLDER = Path(__file__).parent
FILES = ("python/liuyun_config.py", "node/liuyun-config/index.js")


def clients_of(language: str, *, isolated: bool) -> str:
    """Where a function of this language finds them."""
    return f"{CLIENTS if isolated else FOLDER}/{language}"


def client_files() -> Mapping[str, bytes]:
    """By their path in a sandbox."""
    return {f"{CLIENTS}/{name}": (FOLDER / name).read_bytes() for name in FILES}
