"""The playground's engine: a program in, what it printed and how it ended out.

The instance serves one call and goes (`instanceIsolationMode: REQUEST_EXCLUSIVE`), so nothing is cleaned up here, and a
program can spoil no other's run.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

from languages import Installed, choose, installed
from limits import CODE_BYTES, COMPILING, INPUT_BYTES, MB, RUNNING
from running import run

INPUT = "input.txt"


class Refused(Exception):
    """Says what is wrong with the question."""


@dataclass(frozen=True)
class Wanted:
    language: Installed
    code: str
    input: str
    seconds: int


def handler(event, context):
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
    """Which languages this machine has, with a small program for each, and what a run may use."""
    languages = [
        {
            "name": each.language.name,
            "title": each.language.title,
            "compiled": bool(each.language.compile),
            "example": {"code": each.language.example, "input": "World\n"},
        }
        for each in installed()
    ]
    limits = {
        "seconds": RUNNING.seconds,
        "compilerSeconds": COMPILING.seconds,
        "memoryMB": RUNNING.memory_mb,
        "outputKB": RUNNING.output_bytes // 1024,
        "processes": RUNNING.processes,
        "fileMB": RUNNING.file_bytes // MB,
        "codeKB": CODE_BYTES // 1024,
        "inputKB": INPUT_BYTES // 1024,
    }
    return {"languages": languages, "limits": limits}


def answer(asked):
    """A program that doesn't compile is answered with what the compiler said."""
    folder = Path(mkdtemp())
    (folder / asked.language.language.file).write_text(asked.code, encoding="utf-8", errors="replace")
    (folder / INPUT).write_text(asked.input, encoding="utf-8", errors="replace")
    said = ""
    if asked.language.compile:
        compiled = run(asked.language.compile, folder, "/dev/null", COMPILING)
        if compiled.exit != 0:
            reason = f"The compiler was stopped: {compiled.note}" if compiled.note else "It did not compile."
            return document(replace(compiled, note=reason), "compile")
        said = compiled.stderr  # warnings
    ran = run(asked.language.run, folder, INPUT, replace(RUNNING, seconds=asked.seconds))
    return {**document(ran, "run"), "compiler": said}


def document(ran, stage):
    return {
        "stdout": ran.stdout,
        "stderr": ran.stderr,
        "exit": ran.exit,
        "time": ran.ms,
        "memory": ran.kb,
        "note": ran.note,
        "stage": stage,
    }
