"""HTTP functions: a call as a WSGI environment, an answer as status, headers and body (fc contract 3.2)."""

import io
import os
import sys
from collections.abc import Callable
from typing import Any

Http = dict[str, Any]
Answered = tuple[int, list[tuple[str, str]], bytes]  # status, headers, body


class Answer:
    """What `start_response` and `write` were told."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.written: list[bytes] = []

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        if self.status and not exc_info:
            raise AssertionError("start_response was called twice")
        self.status = int(status.split(" ", 1)[0])
        self.headers = [(sendable(name), sendable(value)) for name, value in headers]
        return self.write

    def write(self, data: bytes | str) -> None:
        self.written.append(to_bytes(data))


def sendable(text: Any) -> str:
    """Raises UnicodeEncodeError for half a character (a lone surrogate), which no wire can carry."""
    whole = str(text)
    whole.encode()
    return whole


class Variables:
    """`os.environ` as a plain dictionary, decoded again only when it has changed: it costs more than all the rest."""

    def __init__(self) -> None:
        self._raw: Any = None
        self._decoded: dict[str, str] = {}

    def now(self) -> dict[str, Any]:
        raw = getattr(os.environ, "_data", None)  # CPython's; without it, decode each time
        if raw is None or raw != self._raw:
            self._raw = None if raw is None else dict(raw)
            self._decoded = dict(os.environ)
        return self._decoded.copy()


variables = Variables()


def respond(handler: Any, http: Http, payload: bytes, context: Any, handler_name: str) -> Answered:
    answer = Answer()
    iterable = handler(environ_of(http, payload, context, handler_name), answer.start_response)
    try:
        body: list[Any] = [iterable] if isinstance(iterable, bytes | str) else list(iterable or ())
    finally:
        close = getattr(iterable, "close", None)
        if close is not None:
            close()
    if not answer.status:
        raise RuntimeError("the handler returned without having called start_response")
    return answer.status, answer.headers, b"".join([*answer.written, *map(to_bytes, body)])


def environ_of(http: Http, payload: bytes, context: Any, handler_name: str) -> dict[str, Any]:
    environ: dict[str, Any] = variables.now()
    environ.update(header_variables(http["headers"]))
    environ.update(
        {
            "REQUEST_METHOD": http["method"],
            "SCRIPT_NAME": "",
            # WSGI texts are bytes in disguise (PEP 3333)
            "PATH_INFO": http["path"].encode().decode("latin-1") or "/",
            "QUERY_STRING": http["query"],
            "CONTENT_LENGTH": str(len(payload)),
            "REMOTE_ADDR": http["client_ip"],
            "SERVER_NAME": "FCRUNTIME",
            "SERVER_PORT": "9000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_X_FC_FUNCTION_HANDLER": handler_name,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(payload),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "fc.context": context,
            "fc.request_uri": http["request_uri"],
        }
    )
    return environ


def header_variables(headers: list[list[str]]) -> dict[str, str]:
    variables: dict[str, str] = {}
    content_type = "application/octet-stream"
    for name, value in headers:
        key = name.upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            content_type = value
        elif key != "PROXY":  # HTTP_PROXY would turn a caller's header into the handler's proxy (httpoxy)
            variable = f"HTTP_{key}"
            variables[variable] = f"{variables[variable]},{value}" if variable in variables else value
    variables["CONTENT_TYPE"] = content_type
    return variables


def to_bytes(chunk: bytes | str) -> bytes:
    return chunk.encode() if isinstance(chunk, str) else bytes(chunk)
