"""The playground behind its page: the function `playground` is called for people, who may make functions of programs.

What is made is the engine's own package with the program in it, behind an HTTP trigger that anybody may call.
"""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from liuyun.catalog.catalog import Catalog
from liuyun.catalog.changes import FunctionChanges, ServiceChanges, ZipFile
from liuyun.compute.flow import Interrupted
from liuyun.errors import FunctionNotFound, Invalid, NotFound, ServiceExists
from liuyun.gateway.console.turns import Turns
from liuyun.gateway.http import close
from liuyun.ids import Ids
from liuyun.model.function import own_service
from liuyun.model.invocation import HttpCall, Invocation, InvocationResult
from liuyun.triggers.lifecycle import TriggerDraft, Triggers

FUNCTION = "playground"
MADE = "playground-made"  # the service of what is made
PROGRAM, HANDLER = "program.json", "made.web"  # examples/playground/code/made.py reads it
RUNTIME = "python3"
METHODS = ["GET", "POST"]
DEPLOY = "liuyun deploy examples/playground/s.yaml"
STREAM = HttpCall("POST", "/stream", "", "/stream", (("content-type", "application/json"),))
LOST = b'{"event": "end", "end": {"reason": "lost", "note": "The program ended its sandbox.", "exit": 137}}\n'
Invoke = Callable[[Invocation], Awaitable[InvocationResult]]


class Playground:
    """`is_open`: whoever reaches the platform may run programs. `address` is theirs then, else empty."""

    def __init__(
        self,
        *,
        invoke: Invoke,
        catalog: Catalog,
        triggers: Triggers,
        ids: Ids,
        account_id: str,
        turns: Turns,
        is_open: bool,
    ) -> None:
        self._invoke = invoke
        self._catalog = catalog
        self._triggers = triggers
        self._ids = ids
        self._account_id = account_id
        self._turns = turns
        self.is_open = is_open

    async def languages(self) -> dict[str, Any]:
        """Which there are, and the limits. Raises NotFound without an engine."""
        return await self._answered({"call": "languages"})

    async def run(self, program: dict[str, Any], address: str) -> dict[str, Any]:
        """Raises Invalid with what the engine says is wrong, NotFound or Throttled."""
        with self._turns.taken(address):
            return await self._answered(program)

    async def begin(self, program: dict[str, Any], address: str) -> "Running":
        """The same, told as it happens. Whoever takes it must close it, which ends what still runs."""
        turn = ExitStack()
        turn.enter_context(self._turns.taken(address))
        try:
            result = await self._called(program, STREAM)
            if result.body is None and (result.http is None or result.http.status != 200):
                raise refusal(result)
            return Running(result, turn.pop_all())
        finally:
            turn.close()

    async def make(self, name: str, program: dict[str, Any]) -> str:
        """The path of the new function's address. Raises FunctionExists or Invalid, and NotFound without an engine."""
        catalog, account = self._catalog, self._account_id
        try:
            engine = await catalog.resolver.resolve(account, own_service(FUNCTION), "", FUNCTION)
        except NotFound:
            raise missing() from None
        code = await asyncio.to_thread(packed, Path(engine.code_dir), json.dumps(program))
        with suppress(ServiceExists):
            changes = ServiceChanges(description="Made in the playground", internet_access=False)
            await catalog.services.create(account, MADE, changes)
        function = engine.function
        changes = FunctionChanges(
            runtime=RUNTIME,
            handler=HANDLER,
            description=f"A program in {program['language']}, made in the playground",
            memory_mb=function.memory_mb,
            timeout_s=function.timeout_s,
            environment=function.environment,
            config={name: value for name, value in function.config.items() if name != "customRuntimeConfig"},
            code=ZipFile(code),
        )
        await catalog.functions.create(account, MADE, name, changes)
        draft = TriggerDraft(name="web", kind="http", config={"authType": "anonymous", "methods": METHODS})
        await self._triggers.create(account, MADE, name, draft)
        return f"/2016-08-15/proxy/{MADE}/{name}/"

    async def _answered(self, question: dict[str, Any]) -> dict[str, Any]:
        result = await self._called(question)
        answer: dict[str, Any] = json.loads(result.payload)
        if result.error_type is not None or "error" in answer:
            raise refusal(result)
        return answer

    async def _called(self, question: dict[str, Any], http: HttpCall | None = None) -> InvocationResult:
        call = Invocation(
            account_id=self._account_id,
            service=own_service(FUNCTION),
            function=FUNCTION,
            payload=json.dumps(question).encode(),
            request_id=self._ids.uuid(),
            source="console",
            http=http,
        )
        try:
            return await self._invoke(call)
        except FunctionNotFound:
            raise missing() from None


class Running:
    """A program that runs: lines of JSON until it has ended. Closed, as often as one likes, it ends now."""

    def __init__(self, result: InvocationResult, turn: ExitStack) -> None:
        self._result = result
        self._turn = turn

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._result.body is None:  # it had ended before the engine was heard
            yield self._result.payload
            return
        try:
            async for piece in self._result.body:
                yield piece
        except Interrupted:
            yield LOST

    async def aclose(self) -> None:
        with self._turn:
            await close(self._result.body)


def missing() -> NotFound:
    return NotFound("playground_missing", "There is no playground on this platform; deploy it: {deploy}", deploy=DEPLOY)


def refusal(result: InvocationResult) -> Invalid:
    try:
        answer: dict[str, Any] = json.loads(result.payload)
    except ValueError:
        template = "The engine of the playground is an older one. To renew it, deploy it: {deploy}"
        return Invalid("playground_old", template, deploy=DEPLOY)
    if "error" in answer:
        return Invalid("playground_refuses", "The engine of the playground: {said}", said=answer["error"])
    template = "The program ended its sandbox before it could be said what else it did. {said}"
    return Invalid("playground_lost", template, said=answer.get("errorMessage", result.error_type))


def packed(engine: Path, program: str) -> bytes:
    """The engine's files and the program, as a zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(engine.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(engine))
        archive.writestr(PROGRAM, program)
    return buffer.getvalue()
