from collections.abc import Iterator

import pytest

from liuyun.testing.platform import Running, running_platform


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_platform(tmp_path_factory.mktemp("platform"), standard_layer=False) as platform:
        yield platform
