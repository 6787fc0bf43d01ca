from collections.abc import Iterator
from itertools import count
from pathlib import Path

import fc2
import pytest

from liuyun.testing.platform import Running, running_platform
from tests.contract.fc.clients import Deployed, python

numbers = count(1)


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_platform(tmp_path_factory.mktemp("platform"), standard_layer=False) as platform:
        yield platform


@pytest.fixture
def client(running: Running) -> fc2.Client:
    return python(running)


@pytest.fixture
def service(client: fc2.Client, tmp_path: Path) -> Deployed:
    """A service of this test alone."""
    return Deployed(client, tmp_path, f"s{next(numbers)}")
