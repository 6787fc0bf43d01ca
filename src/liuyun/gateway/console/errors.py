"""What goes wrong, as the console's API answers it: `{"code", "message", "phrase"?, "requestId", "problems"?}`."""

from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from liuyun import errors
from liuyun.errors import Phrase, phrase
from liuyun.gateway.console.malformed import problem_of
from liuyun.gateway.console.models import PhraseView, phrase_view

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
    phrase: PhraseView | None = Field(description="The message, unless these are somebody else's words.")
    requestId: str = Field(description="Names this request in the platform's log.")  # noqa: N815 - as it is sent
    problems: list[PhraseView] = Field(default=[], description="Each problem by itself, where there are several.")


# What the framework says of a request that reaches no route.
REFUSED: dict[int, Phrase] = {
    400: Phrase("request_unreadable", "the body can't be read"),
    404: Phrase("address_missing", "there is no such address"),
    405: Phrase("method_missing", "the address takes other methods"),
    413: Phrase("body_large", "the body is too large"),
}
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
        problems = [problem_of(found) for found in error.errors()[:MOST_PROBLEMS]]
        said = problems[0] if len(problems) == 1 else "; ".join(map(str, problems[:3]))
        return answer(request, 422, "Malformed", said, problems)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        code = {404: "NotFound", 405: "MethodNotAllowed", 413: "TooLarge"}.get(error.status_code, "Refused")
        said = phrase(
            "request_refused",
            "{method} {path}: {detail}",
            method=request.method,
            path=request.scope["path"][:200],
            detail=REFUSED.get(error.status_code, error.detail),
        )
        response = answer(request, error.status_code, code, said)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]
        log.error("request failed", product="console", path=request.scope["path"], exc_info=error)
        template = "An internal error has occurred; the platform's log says more."
        return answer(request, 500, "InternalError", phrase("internal_error", template))


def render(request: Request, error: errors.PlatformError) -> JSONResponse:
    status, code = next((s, c) for kind, s, c in STATUS if isinstance(error, kind))
    found: Any = error.facts.get("problems", ())
    said = error.phrase or error.message
    response = answer(request, status, code, said, [problem.phrase for problem in found[:MOST_PROBLEMS]])
    if wait_s := error.facts.get("wait_s"):
        response.headers["Retry-After"] = str(wait_s)
    return response


def answer(
    request: Request, status: int, code: str, said: Phrase | str, problems: Sequence[Phrase] = ()
) -> JSONResponse:
    body = Problem(
        code=code,
        message=str(said),
        phrase=phrase_view(said) if isinstance(said, Phrase) else None,
        requestId=getattr(request.state, "request_id", ""),
        problems=[phrase_view(problem) for problem in problems],
    )
    return JSONResponse(body.model_dump(), status)
