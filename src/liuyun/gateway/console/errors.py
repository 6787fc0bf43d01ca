"""What goes wrong, as the console's API answers it: `{"code", "message", "requestId", "problems"?}`."""

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from liuyun import errors

log = structlog.get_logger()

# From the most particular to its bases: the first that fits.
STATUS: tuple[tuple[type[errors.PlatformError], int, str], ...] = (
    (errors.TooLarge, 413, "TooLarge"),
    (errors.InvalidConfig, 422, "InvalidConfig"),
    (errors.InvalidDefinition, 422, "InvalidDefinition"),
    (errors.Invalid, 400, "Invalid"),
    (errors.CrossSite, 403, "CrossSite"),
    (errors.Unauthenticated, 401, "Unauthenticated"),
    (errors.Denied, 403, "Denied"),
    (errors.NotFound, 404, "NotFound"),
    (errors.Conflict, 409, "Conflict"),
    (errors.Throttled, 429, "Throttled"),
    (errors.Unavailable, 503, "Unavailable"),
    (errors.Unsupported, 400, "Unsupported"),
)
MOST_PROBLEMS = 50


class Problem(BaseModel):
    """The body of every answer that isn't a success."""

    code: str = Field(description="One word for programs.")
    message: str = Field(description="What was wrong, where, and what to do; for people.")
    requestId: str = Field(description="Names this request in the platform's log.")  # noqa: N815 - as it is sent
    problems: list[str] = Field(default=[], description="Each problem by itself, where there are several.")


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": text}
    for status, text in {
        400: "The request can't succeed as it is.",
        401: "Nobody is signed in, or the signature is wrong.",
        403: "Who is signed in may not do this.",
        404: "It is not there.",
        405: "The address takes other methods, which `Allow` names.",
        409: "It is in another state than the request supposes.",
        413: "The body is too large.",
        422: "The request is understood, but what it says doesn't fit.",
        429: "Too many requests; try again later.",
        503: "Something that the platform needs is not there.",
    }.items()
}
# The same, for routes whose successes are no JSON.
AS_JSON: dict[int | str, dict[str, Any]] = {
    status: {
        "description": response["description"],
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, response in RESPONSES.items()
}


def install(app: FastAPI) -> None:
    @app.exception_handler(errors.PlatformError)
    async def expected(request: Request, error: errors.PlatformError) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        return render(request, error)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        problems = [problem_text(found) for found in error.errors()]
        return answer(request, 422, "Malformed", "; ".join(problems[:3]), problems)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        code = {404: "NotFound", 405: "MethodNotAllowed", 413: "TooLarge"}.get(error.status_code, "Refused")
        text = f"{request.method} {request.scope['path'][:200]}: {error.detail}"
        response = answer(request, error.status_code, code, text)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        log.error("request failed", product="console", path=request.scope["path"], exc_info=error)
        return answer(request, 500, "InternalError", "An internal error has occurred; the platform's log says more.")


def problem_text(found: Any) -> str:
    """Pydantic's words, and those of what read the JSON."""
    where, what = ".".join(str(part) for part in found["loc"]), found["msg"]
    return f"{where}: {what}: {found['ctx']['error']}" if found["type"] == "json_invalid" else f"{where}: {what}"


def render(request: Request, error: errors.PlatformError) -> JSONResponse:
    status, code = next((s, c) for kind, s, c in STATUS if isinstance(error, kind))
    found: Any = error.facts.get("problems", ())
    response = answer(request, status, code, error.message, [str(problem) for problem in found])
    if wait_s := error.facts.get("wait_s"):
        response.headers["Retry-After"] = str(wait_s)
    return response


def answer(request: Request, status: int, code: str, message: str, problems: list[str] | None = None) -> JSONResponse:
    request_id: str = getattr(request.state, "request_id", "")
    body = Problem(code=code, message=message, requestId=request_id, problems=(problems or [])[:MOST_PROBLEMS])
    return JSONResponse(body.model_dump(), status)
