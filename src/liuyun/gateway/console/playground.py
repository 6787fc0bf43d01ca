"""The playground behind its page: the function `playground` is called for people, who may make functions of programs.

What is made is the engine's own package with the program in it, behind an HTTP trigger that anybody may call.
"""

import asyncio
import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from liuyun.catalog.catalog import Catalog
from liuyun.catalog.changes import FunctionChanges, ServiceChanges, ZipFile
from liuyun.errors import FunctionNotFound, Invalid, NotFound, ServiceExists, Throttled
from liuyun.ids import Ids
from liuyun.model.function import own_service
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.triggers.lifecycle import TriggerDraft, Triggers

FUNCTION = "playground"
MADE = "playground-made"  # the service of what is made
PROGRAM, HANDLER = "program.json", "made.web"  # examples/playground/code/made.py reads it
METHODS = ["GET", "POST"]
ADVICE = "There is no playground on this platform; deploy it: liuyun deploy examples/playground/s.yaml"
Invoke = Callable[[Invocation], Awaitable[InvocationResult]]


class Playground:
    """`is_open`: whoever reaches the platform may run programs. At most `most` run at a time."""

    def __init__(
        self,
        *,
        invoke: Invoke,
        catalog: Catalog,
        triggers: Triggers,
        ids: Ids,
        account_id: str,
        most: int,
        is_open: bool,
    ) -> None:
        self._invoke = invoke
        self._catalog = catalog
        self._triggers = triggers
        self._ids = ids
        self._account_id = account_id
        self._most = most
        self._running = 0
        self.is_open = is_open

    async def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Raises Invalid with what the engine says is wrong, NotFound or Throttled."""
        if self._running >= self._most:
            raise Throttled(
                f"{self._most} programs are running already (limits.playground_runs); try again in a moment"
            )
        self._running += 1
        try:
            answer = await self._called(json.dumps(question).encode())
        finally:
            self._running -= 1
        if "error" in answer:
            raise Invalid(str(answer["error"]))
        return answer

    async def make(self, name: str, program: dict[str, Any]) -> str:
        """The path of the new function's address. Raises FunctionExists or Invalid, and NotFound without an engine."""
        catalog, account = self._catalog, self._account_id
        try:
            engine = await catalog.resolver.resolve(account, own_service(FUNCTION), "", FUNCTION)
        except NotFound:
            raise NotFound(ADVICE) from None
        code = await asyncio.to_thread(packed, Path(engine.code_dir), json.dumps(program))
        with suppress(ServiceExists):
            changes = ServiceChanges(description="Made in the playground", internet_access=False)
            await catalog.services.create(account, MADE, changes)
        function = engine.function
        changes = FunctionChanges(
            runtime=function.runtime,
            handler=HANDLER,
            description=f"A program in {program['language']}, made in the playground",
            memory_mb=function.memory_mb,
            timeout_s=function.timeout_s,
            config=function.config,
            code=ZipFile(code),
        )
        await catalog.functions.create(account, MADE, name, changes)
        draft = TriggerDraft(name="web", kind="http", config={"authType": "anonymous", "methods": METHODS})
        await self._triggers.create(account, MADE, name, draft)
        return f"/2016-08-15/proxy/{MADE}/{name}/"

    async def _called(self, event: bytes) -> dict[str, Any]:
        call = Invocation(
            account_id=self._account_id,
            service=own_service(FUNCTION),
            function=FUNCTION,
            payload=event,
            request_id=self._ids.uuid(),
            source="console",
        )
        try:
            result = await self._invoke(call)
        except FunctionNotFound:
            raise NotFound(ADVICE) from None
        answer: dict[str, Any] = json.loads(result.payload)
        if result.error_type is not None:
            said = answer.get("errorMessage", result.error_type)
            raise Invalid(f"The program ended its sandbox before it could be said what else it did. {said}")
        return answer


def packed(engine: Path, program: str) -> bytes:
    """The engine's files and the program, as a zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(engine.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(engine))
        archive.writestr(PROGRAM, program)
    return buffer.getvalue()
