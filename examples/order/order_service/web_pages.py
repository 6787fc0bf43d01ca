"""The pages: plain files in `pages/`, served as they are but for the reader's language; what browsers may do there."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDER = Path(__file__).parent / "pages"
LANGUAGES = ("en", "zh")
COOKIE = "language"  # set by the switch on the pages
ADDRESSES = {"/": "shop.html", "/order/{order}": "order.html", "/office": "office.html"}
PREFERENCE = re.compile(r"\s*([A-Za-z]{1,8})[\w-]*\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",  # an order's address holds its number
    "X-Content-Type-Options": "nosniff",
}


def page_routes() -> list[BaseRoute]:
    pages = [Route(address, page(FOLDER / name)) for address, name in ADDRESSES.items()]
    return [*pages, Mount("/pages", StaticFiles(directory=FOLDER))]


def page(file: Path) -> Callable[[Request], Awaitable[Response]]:
    text = file.read_text(encoding="utf-8")
    versions = {language: text.replace('lang="en"', f'lang="{language}"', 1) for language in LANGUAGES}

    async def respond(request: Request) -> Response:
        language = language_for(request.cookies.get(COOKIE, ""), request.headers.get("accept-language", ""))
        return HTMLResponse(versions[language], headers={"Vary": "Accept-Language, Cookie"})

    return respond


def language_for(chosen: str, accepted: str) -> str:
    """What the reader chose, else what the browser asks for most, else English."""
    if chosen in LANGUAGES:
        return chosen
    wishes = [match for part in accepted.split(",") if (match := PREFERENCE.fullmatch(part))]
    wishes.sort(key=lambda match: -float(match[2] or 1))  # stable: what stands first wins
    return next((match[1].lower() for match in wishes if match[1].lower() in LANGUAGES), LANGUAGES[0])


class Hardened:
    """Adds HEADERS to each answer, and asks browsers to look again for what may have changed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        await self._app(scope, receive, hardened)
