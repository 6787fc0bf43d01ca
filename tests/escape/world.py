"""A platform with a neighbour on it, and attempts to harm either: each is a function of its own."""

import base64
import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from textwrap import dedent
from typing import Any

from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed, python

NEIGHBOUR = "def handler(event, context):\n    return b'neighbour: ' + event\n"
PRELUDE = """
import ctypes, json, os, platform, signal, socket, subprocess, sys, time, urllib.error, urllib.request

libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"

def call(on_x86, elsewhere, *arguments):
    result = libc.syscall(on_x86 if X86 else elsewhere, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

def command(*words):
    return subprocess.run(words, check=True, capture_output=True, timeout=5).stdout

def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        raise PermissionError(f"{error.code} {error.read().decode()}") from None

def tunnel(target):
    sock = socket.create_connection(("127.0.0.1", 3128), 2)
    sock.sendall(f"CONNECT {target} HTTP/1.1\\r\\n\\r\\n".encode())
    answer = sock.recv(500).decode()
    if " 200 " not in answer:
        raise PermissionError(answer)

def tried(act):
    try:
        return ["done", repr(act())[:300]]
    except BaseException as error:
        return ["refused", f"{type(error).__name__}: {error}"[:300]]
"""


def processes_named(name: str) -> list[str]:
    """Processes of this machine."""
    found: list[str] = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (path / "comm").read_text().strip() == name:
                found.append(path.name)
    return found


@dataclass(frozen=True)
class Attempt:
    """What became of an attempt: what it answered, what its log's end says, and how often the neighbour was served."""

    answer: bytes
    error: str | None
    log: str
    served: int
    instance_id: str

    @property
    def value(self) -> Any:
        assert self.error is None, self.answer
        return json.loads(self.answer)

    @property
    def message(self) -> str:
        """Of the error document."""
        assert self.error == "UnhandledInvocationError", self.answer[:500]
        return json.loads(self.answer)["errorMessage"]


class World:
    def __init__(self, running: Running, folder: Path) -> None:
        self.running = running
        self.folder = folder
        self.deployed = Deployed(python(running), folder, "attacked")
        self.deployed.function("neighbour", NEIGHBOUR)
        self._numbers = count(1)

    def deploy(self, body: str, **options: Any) -> str:
        """A function whose source begins with the prelude; its name."""
        options = {"timeout": 10, "memorySize": 128, **options}
        return self.deployed.function(f"attempt{next(self._numbers)}", PRELUDE + dedent(body), **options)

    def attempt(self, body: str, event: bytes = b"", **options: Any) -> Attempt:
        return self.call(self.deploy(body, **options), event)

    def call(self, name: str, event: bytes = b"") -> Attempt:
        """Calls a function, and its neighbour without a pause until the function is done."""
        done = threading.Event()
        with ThreadPoolExecutor(1) as threads:
            neighbour = threads.submit(self.call_neighbour, done)
            try:
                response = self.invoke(name, event)
            finally:
                done.set()
            served = neighbour.result()
        headers = response.headers
        log = base64.b64decode(headers["X-Fc-Log-Result"]).decode()
        return Attempt(response.content, headers.get("X-Fc-Error-Type"), log, served, headers["X-Fc-Instance-Id"])

    def invoke(self, name: str, event: bytes) -> Any:
        """By the client's own request, whose `invoke_function` drops the headers of a failure."""
        client = self.deployed.client
        path = f"/2016-08-15/services/attacked/functions/{name}/invocations"
        headers = client._build_common_headers("POST", path, {"X-Fc-Log-Type": "Tail"})
        return client._do_request("POST", path, headers, body=event)

    def call_neighbour(self, done: threading.Event) -> int:
        """How many calls it answered; it fails if one isn't answered."""
        client = python(self.running)
        for number in count(1):
            event = f"call {number}".encode()
            assert client.invoke_function("attacked", "neighbour", payload=event).data == b"neighbour: " + event
            if done.wait(0.02):
                return number
        raise AssertionError

    def outcomes(self, acts: Sequence[str], **options: Any) -> dict[str, list[str]]:
        """What became of each act, an expression: `done` and its value, or `refused` and why."""
        pairs = ", ".join(f"({act!r}, lambda: {act})" for act in acts)
        body = f"def handler(event, context):\n    return {{text: tried(act) for text, act in [{pairs}]}}\n"
        return self.attempt(body, **options).value

    def all_refused(self, *acts: str, **options: Any) -> list[str]:
        """The reasons; it fails if one act gets through."""
        outcomes = self.outcomes(acts, **options)
        through = {act: outcome for act, (verdict, outcome) in outcomes.items() if verdict != "refused"}
        assert not through
        return [reason for _, reason in outcomes.values()]
