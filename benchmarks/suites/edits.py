"""From saving new code to the first answer from it, against a server that is restarted."""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.harness import Absent, Duel, Measure, Sample, Suite
from benchmarks.load import Client, crowded
from benchmarks.platform import KEYS, SERVICE, Platform, function, invocation, platform
from benchmarks.processes import free_port, process, python_with
from benchmarks.signed import fc_request, raw

CODE = """
def event(event, context):
    return "{edit}"

def http(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"{edit}"]

def flask(request):
    return "{edit}"
"""
EDITS = count(1)
LONGEST_S = 30


def answered(port: int, request: bytes, edit: str) -> None:
    """Asks until the answer is from the new code."""
    deadline = time.perf_counter() + LONGEST_S

    async def act(client: Client, _: int) -> None:
        while time.perf_counter() < deadline:
            answer = await client.exchange(request)
            if answer.status == 200 and edit.encode() in answer.body:
                return
        raise RuntimeError(f"No answer from the edited code within {LONGEST_S} s.")

    while True:
        try:
            crowded(port, 1, act)
        except OSError:  # the server isn't there yet
            if time.perf_counter() > deadline:
                raise
            time.sleep(0.002)
        else:
            return


def ours(on: Platform) -> Sample:
    """Milliseconds, the upload of the package among them; `save_ms` until the platform has taken it."""
    edit = f"edit-{next(EDITS)}"
    body = function("edited", "event", "python3", code=CODE.format(edit=edit))
    begin = time.perf_counter()
    on.fc("PUT", f"/services/{SERVICE}/functions/edited", body)
    saved = time.perf_counter()
    answered(on.port, fc_request(KEYS, "POST", invocation("edited"), b"{}"), edit)
    return Sample((time.perf_counter() - begin) * 1000, {"save_ms": (saved - begin) * 1000})


# Python takes compiled code for that of a file of the same size and second: on a fast machine, of the edit before.
ANEW = {"PYTHONDONTWRITEBYTECODE": "1"}


class Server:
    """A server of one file, which knows new code only after a restart. `command` gets the port."""

    def __init__(self, folder: Path, command: Sequence[str]) -> None:
        self._folder = folder
        self._command = command
        self._running = ExitStack()

    def measure(self) -> Sample:
        """Milliseconds from the file's change; the old server is ended first, without waiting for its clients."""
        edit, port = f"edit-{next(EDITS)}", free_port()
        begin = time.perf_counter()
        (self._folder / "index.py").write_text(CODE.format(edit=edit))
        self._running.close()
        command = [part.format(port=port) for part in self._command]
        self._running.enter_context(process(command, env=ANEW, cwd=self._folder, log=self._folder / "log"))
        answered(port, raw("GET", "/", {}), edit)
        return Sample((time.perf_counter() - begin) * 1000)

    def close(self) -> None:
        self._running.close()


@contextmanager
def baselines() -> Iterator[Mapping[str, Measure | Absent]]:
    gunicorn = [sys.executable, "-m", "gunicorn", "--workers=1", "--bind=127.0.0.1:{port}", "index:http"]
    python = python_with("functions-framework", "functions-framework")
    with ExitStack() as stack:

        def restarted(command: Sequence[str]) -> Measure:
            server = Server(Path(stack.enter_context(TemporaryDirectory(prefix="liuyun-edit-"))), command)
            stack.callback(server.close)
            return server.measure

        framework: Measure | Absent = python if isinstance(python, Absent) else restarted(
            [str(python), "-m", "functions_framework", "--target=flask", "--source=index.py", "--host=127.0.0.1",
             "--port={port}"]
        )  # fmt: skip
        yield {"functions-framework, restarted": framework, "gunicorn, restarted": restarted(gunicorn)}


@contextmanager
def duels() -> Iterator[Sequence[Duel]]:
    with platform() as on, baselines() as others:
        on.function("edited", "event")
        what = "saving new code until the first answer from it"
        yield [Duel("edit", what, "ms", lambda: ours(on), others, lower_is_better=True)]


SUITE = Suite("edit", ("edit",), duels)
