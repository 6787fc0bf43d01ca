"""What a request's body may be: its bound, whatever its headers say of it, and the JSON that is taken."""

import json
import math
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeAlias, cast

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from liuyun.gateway.console.guard import authenticate

Handler: TypeAlias = Callable[[Request], Coroutine[Any, Any, Response]]
MOST_LEVELS = 100
TOO_DEEP = f"lists and objects may stand in each other {MOST_LEVELS} times"


class BoundedBodies:
    """Whoever reads more than `limit` bytes of a body gets an HTTPException with 413."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        left = self._limit

        async def bounded() -> Any:
            nonlocal left
            event = await receive()
            left -= len(event.get("body", b""))
            if left < 0:
                raise HTTPException(413, f"the body may have {self._limit} bytes")
            return event

        await self._app(scope, bounded, send)


class ConsoleRouter(APIRouter):
    """Routes that ask who it is before they look at a body, and that take JSON as RFC 8259 has it, and nothing that
    couldn't be stored and sent again.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=StrictRoute, **options)


class StrictRoute(APIRoute):
    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def strict(received: Request) -> Response:
            request = StrictRequest(received.scope, received.receive)
            await authenticate(request)
            return await handle(request)

        return strict


class StrictRequest(Request):
    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = decoded(await self.body())
        return self._json


def decoded(body: bytes) -> Any:
    """Raises JSONDecodeError, also for what Python's decoder lets pass: NaN, 1e999, half a character, UTF-16."""
    try:
        text = body.decode()
        value = json.loads(text, parse_constant=finite, parse_float=finite)
        if "\\u" in text:  # where half a character can hide
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise refused(TOO_DEEP) from None
    except UnicodeError:
        raise refused("a text isn't UTF-8, or has half of a character") from None
    except ValueError:
        raise refused("a number is too large, or is none") from None
    if deeper(value, MOST_LEVELS):
        raise refused(TOO_DEEP)
    return value


def finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects stand in each other more than so many times."""
    level: list[Any] = [value]
    for _ in range(levels):
        level = [inner for outer in level for inner in parts_of(outer)]
    return any(isinstance(each, dict | list) for each in level)


def parts_of(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value).values()
    return cast("list[Any]", value) if isinstance(value, list) else ()


def refused(why: str) -> json.JSONDecodeError:
    return json.JSONDecodeError(why, "", 0)
