"""An application that is not loaded before it is needed."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec

from liuyun.gateway.http import AsgiApp, Receive, Scope, Send

P = ParamSpec("P")


class Later:
    """`load` imports what the application is made of and returns what makes it; the arguments are for that.

    Importing is done in a thread, so that everybody else is served meanwhile.
    """

    def __init__(self, load: Callable[[], Callable[P, AsgiApp]], *args: P.args, **kwargs: P.kwargs) -> None:
        async def make() -> AsgiApp:
            return (await asyncio.to_thread(load))(*args, **kwargs)

        self._make = make
        self._app: AsgiApp | None = None
        self._loading = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app or await self.prepare()
        await app(scope, receive, send)

    async def prepare(self) -> AsgiApp:
        """Loads it, if that has not been done."""
        async with self._loading:
            if self._app is None:
                self._app = await self._make()
            return self._app
