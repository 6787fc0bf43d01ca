"""One signed request to the platform, and what went wrong with it in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import httpx

from liuyun.cli.failure import Failure

CONNECT_S = 5
ANSWER_S = 60
NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the platform is and who asks."""

    endpoint: str
    account_id: str
    access_key_id: str
    access_key_secret: str = field(repr=False)
    region: str = "cn-hangzhou"


class ApiError(Failure):
    """The platform's answer was an error of its API."""

    def __init__(self, status: int, code: str, message: str, request_id: str) -> None:
        super().__init__(f"{message} ({code}, request {request_id})" if request_id else f"{message} ({code})")
        self.status = status
        self.code = code
        self.detail = message

    @property
    def is_missing(self) -> bool:
        """What was asked for is not there; an address that nobody answers at is something else."""
        return self.status == NOT_FOUND and self.code.endswith(("NotFound", "NotExist", "NotExists"))


class Transport:
    """Sends what the products' clients signed. Proxies of the environment are not meant for the platform."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._http = httpx.Client(base_url=endpoint, trust_env=False)

    def send(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        *,
        body: bytes = b"",
        params: Mapping[str, str] | None = None,
        answer_s: float = ANSWER_S,
    ) -> httpx.Response:
        """Raises Failure when there is no answer."""
        timeout = httpx.Timeout(answer_s, connect=CONNECT_S)
        try:
            return self._http.request(
                method, target, headers=dict(headers), content=body or None, params=params, timeout=timeout
            )
        except httpx.ConnectError:
            raise Failure(
                f"Nothing answers at {self.endpoint}. Is the platform running? Start it: liuyun serve"
            ) from None
        except httpx.TimeoutException:
            raise Failure(f"{self.endpoint} did not answer within {answer_s:g} s.") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Failure(f"The connection to {self.endpoint} broke: {error or type(error).__name__}.") from None

    def close(self) -> None:
        self._http.close()


def json_error(response: httpx.Response, product: str) -> ApiError:
    """From the body that function compute (`ErrorCode`) and workflow (`Code`) answer with."""
    try:
        document = response.json()
    except ValueError:
        document = None
    facts = cast(dict[str, Any], document) if isinstance(document, dict) else {}
    code = str(facts.get("ErrorCode") or facts.get("Code") or response.status_code)
    message = str(facts.get("ErrorMessage") or facts.get("Message") or f"{product} answered {response.status_code}.")
    return ApiError(response.status_code, code, message, str(facts.get("RequestId", "")))
