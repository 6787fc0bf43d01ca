"""The order application is no package of ours: its folders are put on the path as its processes have them."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from liuyun.cli.config import read_document
from liuyun.testing.platform import Running, running_platform
from tests.configuration import import_configuration

ORDER = Path(__file__).parents[3] / "examples/order"
for folder in (ORDER, ORDER / "functions"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))

from order_service.configuration import Configuration  # noqa: E402 - found by now
from order_service.settings import read_settings  # noqa: E402

TOKEN = "a-token-of-the-tests"
ENVIRONMENT = {
    "LIUYUN_ENDPOINT": "http://127.0.0.1:9",  # nothing listens there
    "LIUYUN_ACCESS_KEY_ID": "key",
    "LIUYUN_ACCESS_KEY_SECRET": "secret",
    "ORDER_SERVICE_TOKEN": TOKEN,
}


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """With the application's configuration on it, and nothing else of the application."""
    with running_platform(tmp_path_factory.mktemp("platform"), standard_layer=False) as running:
        import_configuration(running, read_document(ORDER / "configuration.yml"))
        yield running


@pytest.fixture
def configuration(platform: Running) -> Iterator[Configuration]:
    """As the order service reads it."""
    settings = read_settings(ENVIRONMENT)
    found = Configuration(
        replace(
            settings,
            endpoint=platform.endpoint,
            access_key_id=platform.access_key_id,
            access_key_secret=platform.access_key_secret,
        )
    )
    yield found
    found.close()
