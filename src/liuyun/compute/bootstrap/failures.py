"""Error documents: what a caller gets when a handler fails (fc contract 3.1)."""

import json
import os
import traceback
from collections.abc import Iterator
from types import TracebackType

OWN_FOLDER = os.path.dirname(__file__)  # noqa: PTH120
MESSAGE_CHARACTERS = 64 * 1024
FRAMES = 100


class LoadFailure(Exception):
    """The handler can't be had. `kind` is the vendor's errorType."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class ResponseTooLarge(Exception):
    pass


def document(error: BaseException) -> str:
    if isinstance(error, LoadFailure):
        kind = error.kind
        trace: list[list[str]] | list[str] = list(flat_trace(error.__cause__)) if error.__cause__ else []
    else:
        kind = type(error).__name__
        trace = [list(frame) for frame in frames(error.__traceback__)]
    content = {"errorMessage": message_of(error), "errorType": kind, "stackTrace": trace}
    return json.dumps(content, indent=4, sort_keys=True)


def message_of(error: BaseException) -> str:
    try:
        return str(error)[:MESSAGE_CHARACTERS]
    except Exception:  # noqa: BLE001 - a customer's __str__ may raise as well
        return f"<{type(error).__name__} whose text can't be had>"


def frames(trace: TracebackType | None) -> Iterator[tuple[str, str, str, str]]:
    """Four texts for each frame, without the runtime's own."""
    for frame in traceback.extract_tb(trace, limit=FRAMES):
        if not own(frame.filename):
            yield f'File "{frame.filename}"', f"line {frame.lineno}", f"in {frame.name}", frame.line or ""


def flat_trace(error: BaseException) -> Iterator[str]:
    for frame in frames(error.__traceback__):
        yield ", ".join(frame[:3])
        yield frame[3]
    for line in traceback.format_exception_only(type(error), error):
        yield line.rstrip("\n")


def own(filename: str) -> bool:
    return filename.startswith((OWN_FOLDER, "<frozen importlib")) or "/importlib/__init__.py" in filename
