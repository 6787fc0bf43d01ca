"""The worker: takes calls from its channel, runs the handler, answers. It lives until either side ends."""

import json
import os
import resource
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from typing import Any

from liuyun.compute.bootstrap import environment, failures, kernel, loading, output, results, wsgi
from liuyun.compute.bootstrap.context import Contexts
from liuyun.compute.bootstrap.rehearsal import rehearse
from liuyun.compute.bootstrap.stem import Stem
from liuyun.compute.runtimes.frames import Decoder, encode

RECEIVE_BYTES = 256 * 1024
PHASES = {"preStop": "PreStop", "preFreeze": "PreFreeze"}
Header = dict[str, Any]
quoted = json.encoder.encode_basestring_ascii
read = json.JSONDecoder().raw_decode  # what `json.loads` comes to after some questions that headers don't raise


def main(channel: socket.socket, *, isolated: bool, cell: Stem | None = None) -> None:
    """Never returns. In a stem `cell` nobody knows yet what it will run, so there is time."""
    code = 1
    try:
        prepare_process(isolated=isolated)
        if cell is not None:
            rehearse(Function)
        serve(channel, cell)
        code = 0
    except SystemExit as leaving:
        code = exit_code(leaving)
    except (ConnectionResetError, BrokenPipeError):
        pass  # the platform is gone
    except BaseException:  # noqa: BLE001 - the last line of a process: say it and go
        traceback.print_exc()
    finally:
        output.flush()
        os._exit(code)


def prepare_process(*, isolated: bool) -> None:
    if not isolated:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    # so that a call wakes its worker without taking the processor from the platform, which has more calls to hand out
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    output.open_streams()


def exit_code(leaving: SystemExit) -> int:
    if leaving.code is None or isinstance(leaving.code, int):
        return leaving.code or 0
    print(leaving.code, file=sys.stderr)  # noqa: T201 - as the interpreter does
    return 1


def serve(channel: socket.socket, cell: Stem | None) -> None:
    incoming = frames(channel)
    start = next(incoming, None)
    function = begin(channel, json.loads(start[0]), cell) if start else None
    if function is None:
        return
    if function.concurrency > 1:
        serve_in_threads(channel, incoming, function)
        return
    for header, payload in incoming:
        channel.sendall(function.answer(parsed(header), payload))


def serve_in_threads(channel: socket.socket, incoming: Iterator[tuple[bytes, bytes]], function: "Function") -> None:
    turn = threading.Lock()

    def answer(header: bytes, payload: bytes) -> None:
        try:
            frame = function.answer(parsed(header), payload)
        except SystemExit as leaving:
            output.flush()
            os._exit(exit_code(leaving))
        with turn:
            channel.sendall(frame)

    for header, payload in incoming:
        threading.Thread(target=answer, args=(header, payload), daemon=True).start()


def frames(channel: socket.socket) -> Iterator[tuple[bytes, bytes]]:
    decoder = Decoder()
    # One for all calls: a fresh one of this size is mapped and unmapped each time, which costs more than the call.
    buffer = memoryview(bytearray(RECEIVE_BYTES))
    while size := channel.recv_into(buffer):
        yield from decoder.feed(bytes(buffer[:size]))


def parsed(header: bytes) -> Header:
    return read(header.decode())[0]


def begin(channel: socket.socket, start: Header, cell: Stem | None) -> "Function | None":
    """Loads the handler and runs the initializer. None, and the error document sent, if that fails.

    None at once if a stem cell's code didn't come: the platform learns that from its init.
    """
    environment.apply(start)
    output.configure_logging(start["request_id"], threads=start["concurrency"] > 1)
    if cell is not None and not cell.has_code():
        return None
    os.chdir(start["code_dir"])
    print(f"FunctionCompute {start['runtime']} runtime inited.")  # noqa: T201 - the vendor's own line
    phase = ""
    try:
        function = Function(start)
        if start["initializer"]:
            phase = "Initialize"
            call = {"request_id": start["request_id"], "qualifier": "", "retry_count": 0}
            function.enter(phase, start["initializer"], call)
    except Exception as error:  # noqa: BLE001 - the customer's code may raise anything
        document = failures.document(error)
        output.log_failure(document)
        if phase:
            output.mark(f"FC {phase} End", failed=True)
        output.flush()
        channel.sendall(encode(b'{"id":0,"error":true}', document.encode()))
        return None
    output.flush()
    channel.sendall(encode(json.dumps({"id": 0, "rss_kb": peak_kb()}).encode()))
    return function


class Function:
    """A handler that has been loaded, and how it is called."""

    def __init__(self, start: Header) -> None:
        self.concurrency: int = start["concurrency"]
        self._contexts = Contexts(start)
        self._start = start
        self._handler = loading.load(start["handler"], start["code_dir"])
        self._response_bytes: int = start["response_bytes"]

    def enter(self, phase: str, handler: str, call: Header) -> None:
        """Runs a function of the instance's lifecycle; what it returns is nobody's business."""
        output.mark(f"FC {phase} Start")
        loading.load(handler, self._start["code_dir"])(self._contexts.of(call))
        output.mark(f"FC {phase} End")

    def answer(self, call: Header, payload: bytes) -> bytes:
        """The frame that answers a call. SystemExit, which ends the process, goes through."""
        output.begin(call["request_id"], ahead="ahead" in call)
        started = time.perf_counter_ns()
        try:
            special, body = self._run(call, payload)
        except SystemExit:
            raise
        except BaseException as error:  # noqa: BLE001 - the customer's code may raise anything
            document = failures.document(error)
            output.log_failure(document)
            if "hook" in call:
                output.mark(f"FC {PHASES[call['hook']]} End", failed=True)
            special, body = ',"error":true', document.encode()
        elapsed = (time.perf_counter_ns() - started) / 1e6
        output.flush()
        return encode(f'{{"id":{call["id"]},"ms":{elapsed},"rss_kb":{peak_kb()}{special}}}'.encode(), body)

    def _run(self, call: Header, payload: bytes) -> tuple[str, bytes]:
        """What the answer's header says beside the usual, and the answer's body."""
        if "hook" in call:
            self.enter(PHASES[call["hook"]], self._start["hooks"][call["hook"]], call)
            return "", b""
        context = self._contexts.of(call)
        if "http" in call:
            status, headers, body = wsgi.respond(self._handler, call["http"], payload, context, self._start["handler"])
            pairs = ",".join([f"[{quoted(name)},{quoted(value)}]" for name, value in headers])
            special = f',"status":{status},"headers":[{pairs}]'
        else:
            special, body = "", results.encode(self._handler(payload, context))
        if len(body) > self._response_bytes:
            raise failures.ResponseTooLarge(f"the response has {len(body)} bytes; {self._response_bytes} are allowed")
        return special, body


def peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
