from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import fc2
import pytest

from liuyun.testing.platform import Running, running_platform
from tests.certificates import made
from tests.contract.fc.clients import Deployed, python

numbers = count(1)


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    files = tmp_path_factory.mktemp("operator")
    of = made("operator.example.com")
    (files / "cert.pem").write_text(of.certificate)
    (files / "key.pem").write_text(of.private_key)
    tls: dict[str, Any] = {"tls_certificate": files / "cert.pem", "tls_private_key": files / "key.pem"}
    folder = tmp_path_factory.mktemp("platform")
    with running_platform(folder, tls=True, standard_layer=False, **tls) as platform:
        yield platform


@pytest.fixture
def client(running: Running) -> fc2.Client:
    return python(running)


@pytest.fixture
def service(client: fc2.Client, tmp_path: Path) -> Deployed:
    """A service of this test alone."""
    return Deployed(client, tmp_path, f"s{next(numbers)}")
