"""The console's pages: files that were built from `console/`, sent as they are. Every address that isn't a file is the
application's own, and gets its first page.
"""

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.parts import parts_of

FOLDER = Path(__file__).parent / "built"
INDEX = "index.html"
RULES = (
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",  # the components write their styles as they need them
    "img-src 'self' data:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
POLICY = "; ".join(RULES)
NOT_BUILT = (
    "<!doctype html><title>Liuyun</title><p>The console's pages are not built. "
    "In the folder of Liuyun run <code>make console</code>, then load this page again."
)
router = ConsoleRouter(include_in_schema=False)


@router.get("/playground")
@router.get("/playground/")
async def playground_page(request: Request) -> Response:
    """Without the rest of the console, if it is open to everybody."""
    if not parts_of(request).playground.is_open:
        return RedirectResponse("/console/playground")
    return await console_page(request)


@router.get("/console")
@router.get("/console/{path:path}")
async def console_page(request: Request, path: str = "") -> Response:
    packed = "gzip" in request.headers.get("accept-encoding", "")
    name = path if path and read(path) is not None else INDEX
    content = read(name)
    if content is None:
        return Response(NOT_BUILT, 503, {"Content-Security-Policy": POLICY}, "text/html")
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY, "Vary": "Accept-Encoding"}
    if name.startswith("assets/"):  # named by their content
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if packed:
        headers["Content-Encoding"] = "gzip"
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(zipped(name) if packed else content, 200, headers, kind)


def read(name: str) -> bytes | None:
    """A file of the built pages; None if there is no such file among them."""
    return everything().get(name)


@lru_cache(1)
def everything() -> dict[str, bytes]:
    """Read once: a name from outside never becomes a path."""
    if not (FOLDER / INDEX).is_file():
        everything.cache_clear()
        return {}
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}


@lru_cache(256)
def zipped(name: str) -> bytes:
    return gzip.compress(read(name) or b"", 9)
