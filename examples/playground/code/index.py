"""The playground's engine: a program in, what it printed and how it ended out. `server.py` is asked, this answers.

The instance serves one call and goes (`instanceIsolationMode: REQUEST_EXCLUSIVE`), so nothing is cleaned up here, and a
program can spoil no other's run.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

import endings
from languages import LANGUAGES, Installed, Language, choose, installed
from limits import CODE_BYTES, COMPILING, INPUT_BYTES, MB, RUNNING, Limits
from running import Ran, run

INPUT = "input.txt"
STOPPED = (endings.TIME, endings.PROCESSES, endings.OUTPUT, endings.MEMORY)
Tell = Callable[[str, str], None]


def nobody(_event: str, _text: str) -> None:
    pass


class Refused(Exception):
    """Says what is wrong with the question."""


@dataclass(frozen=True)
class Wanted:
    language: Installed
    code: str
    input: str
    seconds: int


def respond(event):
    """The whole answer to an event of the function."""
    try:
        asked = read(event)
        if asked.get("call") == "languages":
            return overview()
        return answer(wanted(asked))
    except Refused as refusal:
        return {"error": str(refusal)}


def read(event):
    try:
        asked = json.loads(event or b"null")
    except ValueError as error:
        raise Refused(f"The event is no JSON: {error}.") from None
    if not isinstance(asked, dict):
        raise Refused('The event must be {"language": ..., "code": ..., "input": ...} or {"call": "languages"}.')
    return asked


def wanted(asked):
    there = installed()
    language = choose(text(asked, "language", 100), there)
    if language is None:
        names = ", ".join(each.language.name for each in there)
        said = f"There is no language '{asked['language']}' here" if asked.get("language") else "No language is named"
        raise Refused(f"{said}; there are: {names}.")
    code = text(asked, "code", CODE_BYTES)
    if not code.strip():
        raise Refused("There is no code to run; put the program into 'code'.")
    seconds = asked.get("seconds", RUNNING.seconds)
    if not isinstance(seconds, int) or not 1 <= seconds <= RUNNING.seconds:
        raise Refused(f"'seconds' must be a whole number from 1 to {RUNNING.seconds}.")
    return Wanted(language, code, text(asked, "input", INPUT_BYTES), seconds)


def text(asked, name, most):
    value = asked.get(name, "")
    if not isinstance(value, str):
        raise Refused(f"'{name}' must be text.")
    if len(value.encode("utf-8", "replace")) > most:
        raise Refused(f"'{name}' has more than the {most // 1024 or 1} KB that it may have.")
    return value


def overview():
    """Which languages this machine has, which it could have, with a small program for each, and what a run may use."""
    there = [each.language for each in installed()]
    languages = [described(language) for language in there]
    missing = [
        {**described(language), "install": f"apt install {language.package}"}
        for language in LANGUAGES
        if language not in there
    ]
    limits = {
        "seconds": RUNNING.seconds,
        "compilerSeconds": COMPILING.seconds,
        "memoryMB": RUNNING.memory_mb,
        "outputKB": RUNNING.output_bytes // 1024,
        "printedMB": RUNNING.printed_bytes // MB,
        "processes": RUNNING.processes,
        "fileMB": RUNNING.file_bytes // MB,
        "codeKB": CODE_BYTES // 1024,
        "inputKB": INPUT_BYTES // 1024,
    }
    return {"languages": languages, "missing": missing, "limits": limits}


def described(language: Language):
    return {
        "name": language.name,
        "title": language.title,
        "compiled": bool(language.compile),
        "example": {"code": language.example, "input": "World\n"},
    }


def answer(asked: Wanted, tell: Tell = nobody):
    """`tell` is told what comes as it comes. A program that doesn't compile is answered with what the compiler said."""
    folder = Path(mkdtemp())
    (folder / asked.language.language.file).write_text(asked.code, encoding="utf-8", errors="replace")
    (folder / INPUT).write_text(asked.input, encoding="utf-8", errors="replace")
    said = ""
    if asked.language.compile:
        tell("compiling", "")
        compiled = run(asked.language.compile, folder, "/dev/null", COMPILING)
        if compiled.stdout or compiled.stderr:
            tell("compiler", compiled.stdout + compiled.stderr)
        if compiled.code != 0:
            why = "" if compiled.why in STOPPED else endings.COMPILE
            return document(replace(compiled, why=why or compiled.why), COMPILING, "compile")
        said = compiled.stderr  # warnings
    tell("running", "")
    limits = replace(RUNNING, seconds=asked.seconds)
    ran = run(asked.language.run, folder, INPUT, limits, tell)
    return {**document(ran, limits, "run"), "compiler": said}


def document(ran: Ran, limits: Limits, stage: str):
    note = endings.note(ran.why, ran.cut, ran.code, limits)
    return {
        "stdout": ran.stdout,
        "stderr": ran.stderr,
        "exit": ran.exit,
        "time": ran.ms,
        "memory": ran.kb,
        "note": f"The compiler was stopped: {note}" if stage == "compile" and ran.why in STOPPED else note,
        "reason": ran.why,
        "cut": ran.cut,
        "stage": stage,
    }
