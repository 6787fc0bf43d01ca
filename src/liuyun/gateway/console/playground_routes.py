"""The playground: which languages there are, runs, and functions made of programs."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from liuyun.gateway.console.guard import Administrator, ThePlatform
from liuyun.gateway.console.models import Body
from liuyun.gateway.console.playground import MADE

router = APIRouter(prefix="/api/playground", tags=["playground"])
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


class Limits(Body):
    """What a program may use. `seconds` is for the program, a compiler has `compiler_seconds`."""

    seconds: int
    compiler_seconds: int
    memory_mb: int = Field(alias="memoryMB")
    output_kb: int = Field(alias="outputKB")
    processes: int
    file_mb: int = Field(alias="fileMB")
    code_kb: int = Field(alias="codeKB")
    input_kb: int = Field(alias="inputKB")


class Overview(Body):
    languages: list[LanguageView]
    limits: Limits


class Program(Body):
    language: Language
    code: Code
    input: Annotated[str, Field(max_length=MOST_INPUT)] = ""


class Ran(Body):
    stdout: str
    stderr: str
    exit: int = Field(description="128 and the signal's number if a signal ended it.")
    time: int = Field(description="In milliseconds.")
    memory: int = Field(description="The most that was seen in use, in KB.")
    note: str = Field(description="What was stopped or cut, in words; empty if nothing was.")
    stage: str = Field(description="`run`, or `compile` if it did not compile.")
    compiler: str = Field(default="", description="The compiler's warnings.")


class NewMade(Body):
    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]{0,63}$")]
    language: Language
    code: Code


class Made(Body):
    service: str
    name: str
    path: str = Field(description="Where it is called over HTTP, by anybody.")


@router.get("", summary="Languages and limits", operation_id="describePlayground")
async def describe(parts: ThePlatform) -> Overview:
    return Overview.model_validate(await parts.playground.ask({"call": "languages"}))


@router.post("/run", summary="Run a program", operation_id="runProgram")
async def run(given: Program, parts: ThePlatform) -> Ran:
    return Ran.model_validate(await parts.playground.ask(given.model_dump()))


@router.post("/functions", summary="Make a program a function", status_code=201, operation_id="makeFunction")
async def make(given: NewMade, caller: Administrator, parts: ThePlatform) -> Made:
    program: dict[str, Any] = {"language": given.language, "code": given.code}
    path = await parts.playground.make(given.name, program)
    await caller.did(parts.audit, "MakeFunction", f"{MADE}/{given.name}", language=given.language)
    return Made(service=MADE, name=given.name, path=path)
