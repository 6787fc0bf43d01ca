"""The playground: which languages there are, runs, and functions made of programs."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Request
from fastapi.responses import StreamingResponse
from pydantic import Field
from starlette.types import Receive, Scope, Send

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.errors import AS_JSON
from liuyun.gateway.console.guard import Administrator, ThePlatform
from liuyun.gateway.console.models import Body
from liuyun.gateway.console.playground import MADE, Running

router = ConsoleRouter(prefix="/api/playground", tags=["playground"])
MOST_CODE, MOST_INPUT = 64 * 1024, 256 * 1024
Language = Annotated[str, Field(max_length=100, description="As the list of languages calls it.")]
Code = Annotated[str, Field(max_length=MOST_CODE)]


class Example(Body):
    code: str
    input: str


class LanguageView(Body):
    name: str
    title: str
    compiled: bool
    example: Example


class MissingView(LanguageView):
    install: str = Field(description="The command that would bring it to this machine.")


class Limits(Body):
    """What a program may use. `seconds` is for the program, a compiler has `compiler_seconds`."""

    seconds: int
    compiler_seconds: int
    memory_mb: int = Field(alias="memoryMB")
    output_kb: int = Field(alias="outputKB", description="Of each stream, so much is kept.")
    printed_mb: int = Field(default=32, alias="printedMB", description="What prints more is stopped.")
    processes: int
    file_mb: int = Field(alias="fileMB")
    code_kb: int = Field(alias="codeKB")
    input_kb: int = Field(alias="inputKB")


class Overview(Body):
    languages: list[LanguageView]
    missing: list[MissingView] = Field(default=[], description="What this machine doesn't have.")
    limits: Limits


class Program(Body):
    language: Language
    code: Code
    input: Annotated[str, Field(max_length=MOST_INPUT)] = ""


Reason = Literal["", "time", "processes", "output", "memory", "wanted-memory", "file", "signal", "compile", "lost"]


class Ended(Body):
    """`reason` and `cut` are for programs, which say them in their reader's language; `note` says them in English."""

    exit: int = Field(description="128 and the signal's number if a signal ended it.")
    time: int = Field(default=0, description="In milliseconds.")
    memory: int = Field(default=0, description="The most that was seen in use, in KB.")
    note: str = Field(description="What was stopped or cut, in words; empty if nothing was.")
    reason: Reason = Field(
        default="",
        description="Empty if it ended by itself. It was stopped for its time, its processes, its output or its memory;"
        " or it was refused memory, wrote too large a file, was ended by a signal, did not compile,"
        " or ended its whole sandbox.",
    )
    cut: list[Literal["stdout", "stderr"]] = Field(default=[], description="The streams of which the end is missing.")
    stage: Literal["run", "compile"] = Field(default="run", description="`compile`: all the rest is the compiler's.")


class Ran(Ended):
    stdout: str
    stderr: str
    compiler: str = Field(default="", description="The compiler's warnings.")


class RunEvent(Body):
    """A line of a run's answer: JSON documents, each followed by a line feed. The last one is the end."""

    event: Literal["compiling", "compiler", "running", "stdout", "stderr", "end"]
    text: str = Field(default="", description="What came on a stream, or from the compiler.")
    end: Ended | None = None


class Lines(StreamingResponse):
    media_type = "application/x-ndjson"


class Told(Lines):
    """Sent as it happens. Whoever hangs up ends the program."""

    def __init__(self, running: Running) -> None:
        super().__init__(aiter(running))
        self._running = running

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._running.aclose()


class NewMade(Body):
    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]{0,63}$")]
    language: Language
    code: Code


class Made(Body):
    service: str
    name: str
    path: str = Field(description="Where it is called over HTTP, by anybody.")


async def whose(request: Request, parts: ThePlatform) -> str:
    """The address of whoever asks, where everybody may."""
    return request.client.host if request.client and parts.playground.is_open else ""


Whose = Annotated[str, Depends(whose)]


@router.get("", summary="Languages and limits", operation_id="describePlayground")
async def describe(parts: ThePlatform) -> Overview:
    return Overview.model_validate(await parts.playground.languages())


@router.post("/run", summary="Run a program", operation_id="runProgram")
async def run(given: Program, parts: ThePlatform, address: Whose) -> Ran:
    return Ran.model_validate(await parts.playground.run(given.model_dump(), address))


@router.post(
    "/stream",
    summary="Run a program, and see what it prints as it runs; to stop it, close the connection",
    operation_id="streamProgram",
    response_class=Lines,
    responses={**AS_JSON, 200: {"model": RunEvent, "description": "Lines, each of which is such a document."}},
)
async def stream(given: Program, parts: ThePlatform, address: Whose) -> Told:
    return Told(await parts.playground.begin(given.model_dump(), address))


@router.post("/functions", summary="Make a program a function", status_code=201, operation_id="makeFunction")
async def make(given: NewMade, caller: Administrator, parts: ThePlatform) -> Made:
    program: dict[str, Any] = {"language": given.language, "code": given.code}
    path = await parts.playground.make(given.name, program)
    await caller.did(parts.audit, "MakeFunction", f"{MADE}/{given.name}", language=given.language)
    return Made(service=MADE, name=given.name, path=path)
