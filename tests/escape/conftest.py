from collections.abc import Iterator
from pathlib import Path

import pytest

from liuyun.testing.platform import running_platform
from tests.escape.world import World

MB = 1024 * 1024
LIMITS = {
    "tmp_bytes": 32 * MB,
    "invocation_log_bytes": 64 * 1024,
    "code_unpacked_bytes": 64 * MB,
    "install_memory_mb": 512,
}


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("world")
    with running_platform(folder / "data", standard_layer=False, limits=LIMITS) as running:
        yield World(running, folder)
