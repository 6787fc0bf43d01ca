from collections.abc import Iterator

import pytest

from tests.contract.mns.server import MessageServer, Subscriber, in_real_time, message_server, subscriber


@pytest.fixture
def server() -> Iterator[MessageServer]:
    """A platform whose time the test moves."""
    with message_server() as running:
        yield running


@pytest.fixture
def live() -> Iterator[MessageServer]:
    """A platform in real time."""
    with message_server(clock=in_real_time()) as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Subscriber]:
    """A subscriber's HTTP endpoint."""
    with subscriber() as one:
        yield one
