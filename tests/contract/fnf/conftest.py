from collections.abc import Iterator

import pytest

from tests.contract.fnf.clients import Classic
from tests.contract.fnf.server import FlowServer, flow_server


@pytest.fixture
def server() -> Iterator[FlowServer]:
    with flow_server() as running:
        yield running


@pytest.fixture
def client(server: FlowServer) -> Classic:
    return Classic(server.port)
