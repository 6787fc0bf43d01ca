"""Who may read the platform's numbers."""

import pytest

from liuyun.errors import Denied
from liuyun.gateway.http import Headers, Request
from liuyun.gateway.metrics import MetricsProduct
from liuyun.observability.metrics import Metrics
from tests.conftest import run


async def nothing() -> None:
    return None


def request(client_ip: str = "127.0.0.1", *, instance: object = None, **headers: str) -> Request:
    async def receive() -> dict:
        return {"type": "http.disconnect"}

    sent = Headers([(name.replace("_", "-"), value) for name, value in headers.items()])
    return Request("GET", "/metrics", "", sent, "r", client_ip, receive, instance=instance)


def test_without_a_token_this_machine_may() -> None:
    """And gets Prometheus' text format."""
    product = MetricsProduct(Metrics(), "", nothing)
    assert run(product.authenticate(request())) is None
    response = run(product.handle(request(), None))
    assert (response.status, response.headers[0][1][:10]) == (200, "text/plain")


@pytest.mark.parametrize(
    "asked",
    [
        request("10.0.0.5"),
        request(instance=("1", "s", "f", "i")),
        request(x_forwarded_for="10.0.0.5"),
        request("10.0.0.5", authorization="Bearer "),
    ],
    ids=["from elsewhere", "a function", "by way of a proxy", "an empty token"],
)
def test_without_a_token_nobody_else_may(asked: Request) -> None:
    """They tell who calls what, how often."""
    with pytest.raises(Denied):
        run(MetricsProduct(Metrics(), "", nothing).authenticate(asked))


def test_with_a_token_whoever_sends_it_may() -> None:
    """From wherever; without it not even this machine."""
    product = MetricsProduct(Metrics(), "secret", nothing)
    assert run(product.authenticate(request("10.0.0.5", authorization="Bearer secret"))) is None
    for asked in (request(), request(authorization="Bearer other")):
        with pytest.raises(Denied):
            run(product.authenticate(asked))
