"""What a function prints and logs, and the runtime's own lines between (fc contract 3.1)."""

import contextlib
import io
import logging
import os
import sys
import threading
import time
from typing import Any, TextIO

MESSAGE_CHARACTERS = 128 * 1024
MARK = b"\0liuyun:"  # the platform's compute/output.py looks for it


class Current:
    """Which request the running code belongs to: with concurrency, each thread has its own."""

    def __init__(self) -> None:
        self.latest = ""
        self.unannounced = ""  # the latest, until it prints, if the platform can't know when it began
        self.local: threading.local | None = None

    @property
    def request_id(self) -> str:
        return getattr(self.local, "request_id", self.latest) if self.local else self.latest


current = Current()


class Speaking(io.FileIO):
    """Says whose output it is before the first of a call that was handed over while another ran: the platform may read
    what both printed at once.
    """

    def write(self, data: Any, /) -> int:
        if current.unannounced:
            announced, current.unannounced = current.unannounced, ""
            super().write(MARK + announced.encode() + b"\n")
        return super().write(data)


class Lines(logging.Formatter):
    """As in `2024-01-31T12:00:00.123Z {request id} [INFO] {message}`."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        message = record.getMessage()
        if record.exc_info:
            message += "\n" + self.formatException(record.exc_info)
        if record.stack_info:
            message += "\n" + record.stack_info
        if len(message) > MESSAGE_CHARACTERS:
            message = message[:MESSAGE_CHARACTERS] + "…"
        return f"{moment}.{int(record.msecs):03d}Z {current.request_id} [{record.levelname}] {message}"


class Printed(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stdout.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001 - logging's own rule: a broken record must not break its caller
            self.handleError(record)


def open_streams() -> None:
    """Anew, for the zygote's lead elsewhere. By lines, so that the log holds what was printed before a process died."""
    sys.stdout = sys.__stdout__ = open_stream(1)
    sys.stderr = sys.__stderr__ = open_stream(2)


def open_stream(descriptor: int) -> TextIO:
    raw = Speaking(descriptor, "w", closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace", line_buffering=True)


def configure_logging(request_id: str, *, threads: bool) -> None:
    current.latest = request_id
    current.local = threading.local() if threads else None
    handler = Printed()
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    try:
        root.setLevel(os.environ.get("FC_SERVER_LOG_LEVEL", "INFO").upper())
    except ValueError:
        root.setLevel(logging.INFO)


def begin(request_id: str, *, ahead: bool) -> None:
    current.latest = request_id
    current.unannounced = request_id if ahead else ""
    if current.local:
        current.local.request_id = request_id


def mark(text: str, *, failed: bool = False) -> None:
    error = ", Error: Unhandled function error" if failed else ""
    sys.stdout.write(f"{text} RequestId: {current.request_id}{error}\n")


def log_failure(document: str) -> None:
    logging.getLogger().error(document)


def flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # a handler may have closed or replaced it
            stream.flush()
