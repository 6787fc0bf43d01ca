"""HTTP pushes. Source: mns contract 4.3.

Whom the platform may be made to call: an endpoint is stored by a caller who holds the account's own key, which is the
operator's, so loopback and private addresses are let through as they are for any self-hosted service; a function's
temporary credentials can't subscribe addresses (the gateway refuses), and link-local addresses, where clouds serve
their machines' secrets, are refused to everybody. A push follows no redirect, uses no proxy of the environment, and
nothing of the answer but its status is used.
"""

from collections.abc import Callable
from email.utils import formatdate

import httpx
import structlog

from liuyun.clock import Clock, wait_for
from liuyun.errors import phrase
from liuyun.ids import Ids
from liuyun.messaging.core.endpoints import HttpEndpoint
from liuyun.messaging.core.notifications import push
from liuyun.messaging.core.retries import Outcome, Tried
from liuyun.messaging.signing import SigningKey
from liuyun.model.message import Delivery

TIMEOUT_MS = 5000
ANSWER_BYTES = 64 * 1024  # read of an answer, so that its connection can be used again
CERTIFICATE_PATH = "/x509_public_certificate.pem"

log = structlog.get_logger()


class Pusher:
    """`base_url` is where subscribers reach this platform, to fetch its certificate."""

    def __init__(self, *, clock: Clock, ids: Ids, signing_key: SigningKey, base_url: Callable[[], str]) -> None:
        self._clock = clock
        self._ids = ids
        self._signing_key = signing_key
        self._base_url = base_url
        self._client: httpx.AsyncClient | None = None

    async def push(self, delivery: Delivery, endpoint: HttpEndpoint) -> Tried:
        request = await self._request(delivery, endpoint)
        try:
            status = await wait_for(self._clock, self._send(request), TIMEOUT_MS)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            reason = str(error) or type(error).__name__
            log.info("push failed", url=endpoint.url, message_id=delivery.publication.message_id, reason=reason)
            return Tried(
                Outcome.UNREACHED,
                phrase("delivery_unreached", "{url} can't be reached: {reason}", url=endpoint.url, reason=reason),
            )
        if not 200 <= status < 300:
            log.info("push refused", url=endpoint.url, message_id=delivery.publication.message_id, status=status)
            return Tried(
                Outcome.UNREACHED,
                phrase(
                    "delivery_status",
                    "{url} answered with the status {status}; 2xx is expected",
                    url=endpoint.url,
                    status=status,
                ),
            )
        return Tried(Outcome.DELIVERED)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def _request(self, delivery: Delivery, endpoint: HttpEndpoint) -> httpx.Request:
        signer = await self._signing_key.signer()
        made = push(
            delivery,
            endpoint.target,
            date=formatdate(self._clock.now() / 1000, usegmt=True),
            certificate_url=self._base_url() + CERTIFICATE_PATH,
            request_id=self._ids.hex(12).upper(),
        )
        headers = [*made.headers, ("Authorization", signer.sign(made.string_to_sign))]
        return httpx.Request("POST", endpoint.url, headers=headers, content=made.body)

    async def _send(self, request: httpx.Request) -> int:
        if self._client is None:  # made late: it reads all certificate authorities
            timeout = httpx.Timeout(TIMEOUT_MS / 1000, pool=None)
            self._client = httpx.AsyncClient(
                trust_env=False, timeout=timeout, limits=httpx.Limits(max_connections=None)
            )
        response = await self._client.send(request, stream=True)
        try:
            size = 0
            async for chunk in response.aiter_raw():
                size += len(chunk)
                if size > ANSWER_BYTES:
                    break
        finally:
            await response.aclose()
        return response.status_code
