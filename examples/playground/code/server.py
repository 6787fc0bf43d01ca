r"""The engine as an HTTP server: events of the function come to `/invoke`, as the vendor's custom runtimes have it.

`/stream` takes the same programs and answers line by line, a JSON document each, as things happen:

    {"event": "compiling"}                                  if there is a compiler, and then
    {"event": "compiler", "text": "what it said\n"}        if it said something
    {"event": "running"}
    {"event": "stdout", "text": "what it printed\n"}        `stderr` likewise
    {"event": "end", "end": {"exit": 0, "time": 31, ...}}

Nobody waits for a reader while a program runs: what isn't taken yet is kept, which is little, for output has a bound.
Whoever hangs up has the sandbox ended by the platform, and all that runs in it.
"""

import json
import os
import socket
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from typing import Any

from index import Refused, answer, read, respond, wanted

READER_S = 20  # so long may a reader take nothing at the end
IN_EVENTS = ("stdout", "stderr", "compiler")  # these have come already


class Lines:
    """Of an answer in chunks; `tell` never waits."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._waiting = bytearray()
        connection.setblocking(False)

    def tell(self, event: str, text: str = "", **more: Any) -> None:
        document = {"event": event, **({"text": text} if text else {}), **more}
        line = json.dumps(document).encode() + b"\n"
        self._waiting += b"%x\r\n%b\r\n" % (len(line), line)
        with suppress(BlockingIOError):  # else it goes with the next one
            del self._waiting[: self._connection.send(self._waiting)]

    def end(self) -> None:
        self._connection.settimeout(READER_S)
        self._connection.sendall(self._waiting + b"0\r\n\r\n")


class Engine(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/stream":
            self._stream(asked)
        else:
            self._whole(200, respond(asked))

    def _stream(self, asked: bytes) -> None:
        try:
            program = wanted(read(asked))
        except Refused as refusal:
            self._whole(400, {"error": str(refusal)})
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        lines = Lines(self.connection)
        ended = answer(program, lines.tell)
        lines.tell("end", end={name: value for name, value in ended.items() if name not in IN_EVENTS})
        lines.end()

    def _whole(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """The function's log is for what goes wrong."""


def main() -> None:
    TCPServer.allow_reuse_address = True
    with TCPServer(("127.0.0.1", int(os.environ["FC_SERVER_PORT"])), Engine) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
