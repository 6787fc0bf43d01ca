"""An application that is loaded when it is first needed."""

import asyncio
from collections.abc import Callable

from liuyun.gateway.http import AsgiApp, Receive, Scope, Send
from liuyun.gateway.later import Later
from tests.conftest import run


class Loaded:
    """What is to be loaded; `times` counts how often it was."""

    def __init__(self) -> None:
        self.times = 0
        self.served: list[str] = []

    def load(self) -> Callable[[str], AsgiApp]:
        self.times += 1

        def make(name: str) -> AsgiApp:
            async def app(_: Scope, _receive: Receive, _send: Send) -> None:
                self.served.append(name)

            return app

        return make


async def receive() -> dict[str, str]:
    return {}


async def send(_: object) -> None:
    pass


def test_it_is_loaded_once_for_all_who_wait():
    """Whoever comes while it is loaded is served when it is there."""
    loaded = Loaded()

    async def main() -> None:
        later = Later(loaded.load, "console")
        assert loaded.times == 0
        await asyncio.gather(later.prepare(), *(later({}, receive, send) for _ in range(3)))

    run(main())
    assert (loaded.times, loaded.served) == (1, ["console"] * 3)
