from collections.abc import Iterator

import pytest

from tests.e2e.application import Application, running_application


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    with running_application(tmp_path_factory.mktemp("application")) as running:
        yield running
