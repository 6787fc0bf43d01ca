"""The standard layer of each interpreter, made when the first function needs it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog

from liuyun.compute.interpreters import Interpreter
from liuyun.compute.standard_layer import ensure_layer, existing_layer
from liuyun.errors import PlatformError

log = structlog.get_logger()


class StandardLayers:
    """Functions wait while their layer is being made; if it can't be, they run without it."""

    def __init__(self, *, wanted: bool, progress: Callable[[str], None] = lambda _: None) -> None:
        self._wanted = wanted
        self._progress = progress
        self._found: dict[Interpreter, Path | None] = {}
        self._making = asyncio.Lock()

    async def of(self, interpreter: Interpreter) -> Path | None:
        if not self._wanted:
            return None
        if interpreter in self._found:
            return self._found[interpreter]
        async with self._making:
            if interpreter not in self._found:
                self._found[interpreter] = existing_layer(interpreter) or await self._make(interpreter)
        return self._found[interpreter]

    async def _make(self, interpreter: Interpreter) -> Path | None:
        log.info("installing the vendor's SDKs for functions", interpreter=str(interpreter))
        try:
            return await ensure_layer(interpreter, self._progress)
        except (PlatformError, OSError) as error:
            log.warning("functions run without the vendor's SDKs", interpreter=str(interpreter), reason=str(error))
            return None
