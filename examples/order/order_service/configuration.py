"""The platform's configuration, over its API: JSON, signed with the service's access key (ACS3-HMAC-SHA256)."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

import httpx

from order_service.refusals import Conflict, PlatformFailed, Unfit
from order_service.settings import Settings

SCHEME = "ACS3-HMAC-SHA256"
TIMEOUT_S = 30


class Configuration:
    """What a tenant sees of a schema, and what stands in its own scope."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = httpx.Client(base_url=settings.endpoint, timeout=TIMEOUT_S, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def values(self, schema: str, tenant: str) -> dict[str, Any]:
        """By key, what is inherited included."""
        return self._call("GET", f"/api/config/values/{quote(schema)}", tenant=tenant)

    def schema(self, name: str) -> dict[str, Any]:
        return self._call("GET", f"/api/config/schemas/{quote(name)}")["document"]

    def entries(self, schema: str, tenant: str) -> list[dict[str, Any]]:
        """What the tenant sees, each with the tenant's own part and the revision that a change must name."""
        found: list[dict[str, Any]] = []
        after: str | None = ""
        while after is not None:
            page = self._call("GET", f"/api/config/entries/{quote(schema)}", scope=f"tenant/{tenant}", after=after)
            found += page["entries"]
            after = page["next"]
        return found

    def put(self, schema: str, key: str, tenant: str, value: dict[str, Any], revision: int) -> None:
        """The tenant's own entry, as a whole. Raises Unfit, and Conflict if it is not at `revision` any more."""
        path = f"/api/config/entries/{quote(schema)}/{quote(key, safe='')}"
        if revision == 0:  # it isn't there, but it may have been
            newest = self._newest(schema, key, tenant)
            revision = newest["number"] if newest["removed"] else 0
        self._call("PUT", path, {"value": value, "revision": revision}, scope=f"tenant/{tenant}")

    def change(self, schema: str, key: str, tenant: str, properties: dict[str, Any]) -> None:
        """Gives these properties to the tenant's own entry. Raises Conflict if it can't be, or if somebody else changed
        it at the same moment.
        """
        newest = self._newest(schema, key, tenant)
        self.put(schema, key, tenant, {**(newest["value"] or {}), **properties}, newest["number"])

    def _newest(self, schema: str, key: str, tenant: str) -> dict[str, Any]:
        path = f"/api/config/entries/{quote(schema)}/{quote(key, safe='')}/history"
        revisions = self._call("GET", path, scope=f"tenant/{tenant}", limit=1)["revisions"]
        return revisions[0] if revisions else {"number": 0, "value": None, "removed": True}

    def _call(self, method: str, path: str, document: Any = None, **query: str | int) -> Any:
        body = b"" if document is None else json.dumps(document).encode()
        text = urlencode(sorted(query.items()), quote_via=quote)
        try:
            headers = signed(method, path, text, body, self._settings)
            answer = self._http.request(method, f"{path}?{text}" if text else path, content=body, headers=headers)
            found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise PlatformFailed(f"The platform's configuration can't be reached: {error}") from error
        if answer.status_code in {400, 422}:
            raise Unfit(found["message"], faulty(found["problems"]))
        if answer.status_code == Conflict.status:
            raise Conflict(found["message"])
        if answer.is_error:
            raise PlatformFailed(f"The platform's configuration answered {answer.status_code}: {found}")
        return found


def faulty(problems: Sequence[dict[str, Any]]) -> list[str]:
    """The properties that the platform's problems are about, each once."""
    pointers = (problem["parameters"].get("at", "") for problem in problems)
    return list(dict.fromkeys(pointer.split("/")[1] for pointer in pointers if pointer.strip("/")))


def signed(method: str, path: str, query: str, body: bytes, settings: Settings) -> dict[str, str]:
    digest = hashlib.sha256(body).hexdigest()
    headers = {
        "host": urlsplit(settings.endpoint).netloc,
        "x-acs-content-sha256": digest,
        "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": uuid4().hex,
    }
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = f"{method}\n{path}\n{query}\n{lines}\n{names}\n{digest}"
    text = f"{SCHEME}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(settings.access_key_secret.encode(), text.encode(), hashlib.sha256).hex()
    claim = f"{SCHEME} Credential={settings.access_key_id},SignedHeaders={names},Signature={signature}"
    return {**headers, "authorization": claim, "content-type": "application/json"}
