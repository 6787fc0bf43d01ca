"""The OpenAPI document: FastAPI's, and what it can't know: who may ask what, by the lists that `guard` goes by."""

from typing import Any

from fastapi import FastAPI

from liuyun.gateway.console.guard import COOKIE, CSRF, OPEN, SAFE

SESSION, TOKEN, SIGNATURE = "session", "csrfToken", "signature"
SCHEMES = {
    SESSION: {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "Set by POST /api/session.",
    },
    TOKEN: {
        "type": "apiKey",
        "in": "header",
        "name": CSRF,
        "description": "`csrfToken` of GET /api/session: each change needs it beside the cookie.",
    },
    SIGNATURE: {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "An access key's signature of the request: ACS3-HMAC-SHA256, as with the vendor's newer APIs.",
    },
}
BY_SIGNATURE: dict[str, list[str]] = {SIGNATURE: []}
LOOKING: list[dict[str, list[str]]] = [{SESSION: []}, BY_SIGNATURE]
CHANGING: list[dict[str, list[str]]] = [{SESSION: [], TOKEN: []}, BY_SIGNATURE]


class ConsoleApi(FastAPI):
    """An address means itself: one with a slash too many isn't there, and leads nowhere else."""

    def __init__(self, **options: Any) -> None:
        super().__init__(redirect_slashes=False, **options)

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = secured(super().openapi())
        return self.openapi_schema


def secured(document: dict[str, Any]) -> dict[str, Any]:
    document["components"]["securitySchemes"] = SCHEMES
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            operation["security"] = security_of(method.upper(), path)
    return document


def security_of(method: str, path: str) -> list[dict[str, list[str]]]:
    """Any of these is enough; none is needed of whom the list is empty."""
    if (method, path) in OPEN:
        return []
    return LOOKING if method in SAFE else CHANGING
