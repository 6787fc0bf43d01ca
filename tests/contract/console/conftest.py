from collections.abc import Iterator

import pytest

from liuyun.testing.platform import Running, running_platform
from tests.contract.console.client import PASSWORD, Client


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("platform")
    with running_platform(data, standard_layer=False, console_password=PASSWORD) as platform:
        yield platform


@pytest.fixture(scope="module")
def client(running: Running) -> Iterator[Client]:
    with Client(running.endpoint) as found:
        found.fill()
        yield found
