"""What a worker does while nobody waits for it: once all that a start does, with a function of its own.

A fork shares the memory of its parent until it writes there, and in Python every look at an object is a write: the
first of everything copies a page. A worker of a stem cell has the time to do that before its function comes.
"""

import importlib
import os
import sys
from typing import Any

from liuyun.compute.bootstrap import output, results, wsgi
from liuyun.compute.bootstrap.context import Contexts

MODULE = "colorsys"  # small, everywhere, and hardly ever imported
SOURCE = """
import os, json
class Something:
    def __init__(self, value): self.value = value
def handler(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
"""
START: dict[str, Any] = {
    "context": {"credentials": {}, "function": {"name": "", "handler": "", "memory": 0, "timeout": 0},
                "service": {"log_project": "", "log_store": ""}, "version_id": "", "region": "", "account_id": ""},
    "modern": False, "concurrency": 1,
}  # fmt: skip
CALL = {"id": 1, "request_id": "", "qualifier": "", "retry_count": 0}
HTTP = {"method": "GET", "path": "/", "query": "", "request_uri": "/", "headers": [["a", "b"]], "client_ip": ""}


def rehearse() -> None:
    """Leaves everything as it was, but for the root logger, which a start sets up in any case."""
    environment = dict(os.environ)
    os.environ.update({f"REHEARSAL_{number}": "" for number in range(32)})
    os.environ.clear()
    os.environ.update(environment)
    importlib.import_module(MODULE)
    del sys.modules[MODULE]
    own: dict[str, Any] = {}
    exec(compile(SOURCE, "rehearsal", "exec"), own)  # noqa: S102 - the text above
    context = Contexts(START).of(CALL)
    wsgi.respond(own["handler"], HTTP, b"", context, "rehearsal.handler")
    results.encode({"a": [1, "b", None]})
    output.configure_logging("", threads=False)
