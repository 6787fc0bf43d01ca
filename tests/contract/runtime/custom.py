"""Functions that are HTTP servers or ask for their calls, and where they are deployed from."""

from pathlib import Path
from textwrap import dedent
from typing import Any

from liuyun.model.invocation import HttpCall
from tests.contract.runtime.stage import Stage

# Answers /say by what `answer` returns: status, headers, body.
SERVER = """
import json, os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

{setup}

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        status, headers, body = answer(self, body)
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_HEAD = do_PUT = do

if __name__ == "__main__":
    ThreadingHTTPServer(("0.0.0.0", int(os.environ["FC_SERVER_PORT"])), Handler).serve_forever()
"""
CUSTOM = {"runtime": "custom", "handler": "anything"}


def deploy_server(stage: Stage, setup: str, *, config: dict[str, Any] | None = None, **options: Any) -> None:
    """`setup` is Python that defines `answer(handler, body)`."""
    run = {"customRuntimeConfig": {"command": ["python3", "-u"], "args": ["server.py"]}}
    files = {"server.py": SERVER.replace("{setup}", dedent(setup))}
    stage.deploy("", files=files, config={**run, **(config or {})}, **{**CUSTOM, **options})


def deploy_bootstrap(stage: Stage, script: str, **options: Any) -> None:
    stage.deploy("", files={"bootstrap": dedent(script)}, **{**CUSTOM, **options})
    (Path(stage.deployed["f"].code_dir) / "bootstrap").chmod(0o755)


def http(method: str = "GET", uri: str = "/a/b?x=1", *headers: tuple[str, str]) -> HttpCall:
    path, _, query = uri.partition("?")
    return HttpCall(method, path, query, uri, headers, "10.1.2.3", "example.com")
