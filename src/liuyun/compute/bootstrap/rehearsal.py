"""What a worker does while nobody waits for it: once all that a start does, with a function of its own.

A fork shares the memory of its parent until it writes there, and in Python every look at an object is a write: the
first of everything copies a page. A worker of a stem cell has the time to do that before its function comes.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

from liuyun.compute.bootstrap import output

MODULE = "rehearsed_by_the_platform"
SOURCE = """
import os, json
class Something:
    def __init__(self, value): self.value = value
def event(event, context):
    return {"a": [1, "b", None]}
def http(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
"""
START: dict[str, Any] = {
    "context": {"credentials": {}, "function": {"name": "", "handler": "", "memory": 0, "timeout": 0},
                "service": {"log_project": "", "log_store": ""}, "version_id": "", "region": "", "account_id": ""},
    "modern": False, "concurrency": 1, "response_bytes": 1024,
}  # fmt: skip
CALL = {"id": 1, "request_id": "", "qualifier": "", "retry_count": 0}
HTTP = {"method": "GET", "path": "/", "query": "", "request_uri": "/", "headers": [["a", "b"]], "client_ip": ""}


def rehearse(load: Callable[[dict[str, Any]], Any]) -> None:
    """Leaves everything as it was, but for the root logger, which a start sets up in any case.

    `load` makes the worker's `Function` of a start.
    """
    environment = dict(os.environ)
    os.environ.update({f"REHEARSAL_{number}": "" for number in range(32)})
    os.environ.clear()
    os.environ.update(environment)
    output.configure_logging("", threads=False)
    folder = f"/tmp/{MODULE}-{os.getpid()}"  # noqa: S108 - the sandbox's own; `tempfile` would remember where it is
    os.mkdir(folder)  # noqa: PTH102
    path = f"{folder}/{MODULE}.py"
    with open(path, "w") as file:  # noqa: PTH123
        file.write(SOURCE)
    sys.path.insert(0, folder)
    without_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    for name, call in (("event", CALL), ("http", {**CALL, "http": HTTP})):
        load({**START, "handler": f"{MODULE}.{name}", "code_dir": folder}).answer(call, b"")
        del sys.modules[MODULE]
    sys.dont_write_bytecode = without_bytecode
    sys.path.remove(folder)
    del sys.path_importer_cache[folder]
    os.remove(path)  # noqa: PTH107
    os.rmdir(folder)  # noqa: PTH106
