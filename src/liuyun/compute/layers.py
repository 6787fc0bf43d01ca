"""The standard layer of each interpreter, made when the first function needs it."""

import asyncio
from pathlib import Path

import structlog

from liuyun.clock import Clock
from liuyun.compute.interpreters import Interpreter
from liuyun.compute.standard_layer import ensure_layer, existing_layer
from liuyun.errors import PlatformError

log = structlog.get_logger()
AGAIN_S = 300  # after a failure


class StandardLayers:
    """Functions wait while their layer is being made; if it can't be, they run without it until it is tried again."""

    def __init__(self, *, wanted: bool, clock: Clock) -> None:
        self._wanted = wanted
        self._clock = clock
        self._found: dict[Interpreter, Path] = {}
        self._again_at: dict[Interpreter, int] = {}
        self._making = asyncio.Lock()

    async def of(self, interpreter: Interpreter) -> Path | None:
        if not self._wanted or interpreter in self._found:
            return self._found.get(interpreter)
        async with self._making:
            if interpreter not in self._found and self._clock.steady() >= self._again_at.get(interpreter, 0):
                layer = existing_layer(interpreter) or await self._make(interpreter)
                if layer is not None:
                    self._found[interpreter] = layer
                else:
                    self._again_at[interpreter] = self._clock.steady() + AGAIN_S * 1000
        return self._found.get(interpreter)

    async def _make(self, interpreter: Interpreter) -> Path | None:
        log.info("installing the vendor's SDKs for functions", interpreter=str(interpreter))
        try:
            return await ensure_layer(interpreter, lambda _: None)
        except (PlatformError, OSError) as error:
            log.warning("functions run without the vendor's SDKs", interpreter=str(interpreter), reason=str(error))
            return None
