"""News for open pages: one stream for all of a page."""

from collections.abc import AsyncGenerator
from functools import partial
from typing import cast

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.errors import AS_JSON
from liuyun.gateway.console.guard import Anybody, Caller, ThePlatform, role_now
from liuyun.gateway.console.models import Body
from liuyun.gateway.console.news import NewsDesk, NewsKind
from liuyun.gateway.console.parts import Parts

router = ConsoleRouter(prefix="/api/news", tags=["news"])


class Changed(Body):
    """The data of an event `changed`: whatever was read of these kinds may be out of date."""

    kinds: list[NewsKind]


class Events(StreamingResponse):
    media_type = "text/event-stream"


class NewsStream(Events):
    """Each event leaves as it happens: nothing on the way may gather them."""

    def __init__(self, desk: NewsDesk, caller: Caller, parts: Parts) -> None:
        self._desk = desk
        self._whose = caller.token or caller.name
        self._events = cast(AsyncGenerator[str], desk.stream(partial(role_now, caller, parts)))
        desk.take_place(self._whose)
        super().__init__(self._events, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._desk.give_place_back(self._whose)
            await self._events.aclose()


@router.get(
    "",
    summary="What changes, as it changes (server-sent events)",
    operation_id="streamNews",
    response_class=Events,
    responses={
        **AS_JSON,
        200: {
            "model": Changed,
            "description": "Events named `changed`, whose data is such a document, and one named `ended` when the "
            "session ends. Lines that begin with a colon only show that the stream lives: one in 15 s at least.",
        },
    },
)
async def stream_news(caller: Anybody, parts: ThePlatform) -> NewsStream:
    """Tells what kinds of things have changed, by whatever way, and nothing of them: ask again for what you show.

    Changes that come close together are told together, at most two times a second, and those that are dear to look at
    (`invocations`, `overview`) more rarely. Begin the stream before you look, and look again at everything after it
    was interrupted. Only what the role may see is told: `users` to administrators, `audit` to operators and them.

    It doesn't prolong the session. It ends with it (or with the access key that signed), when the platform stops, and
    after an hour; a session has `limits.console_streams_of_session` of them at a time, and gets 429 for more.
    """
    return NewsStream(parts.news, caller, parts)
