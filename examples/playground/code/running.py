"""One command under limits: started, watched until nothing of it runs any more, stopped when it wants too much.

Memory, processes, time and output are watched here, so that it can be said which of them it was. The platform's own
limits lie above: they hold for a program that is quicker than this watch, and would end the watch too.
"""

import os
import re
import resource
import selectors
import signal
import subprocess
import time
from codecs import getincrementaldecoder
from collections.abc import Callable
from dataclasses import dataclass, replace

import endings
from languages import PATH
from limits import Limits
from processes import Usage, everybody, exact_kb, of_session, usage

FIRST_LOOK_S, LAST_LOOK_S = 0.002, 0.02
READ_BYTES = 256 * 1024
NICE = 19  # who watches must come before who is watched
SPARE_PROCESSES = 16  # so that it is seen that there are too many, before the kernel refuses more
COUNTED_BY_SANDBOX = "5.14"  # from this kernel on; before, all processes of the platform's user counted
LINE_BY_LINE = "/usr/libexec/coreutils/libstdbuf.so"  # else what uses C's streams prints at its end only
ENVIRONMENT = {
    "PATH": PATH,
    "HOME": "/tmp/home",
    "TMPDIR": "/tmp",
    "LANG": "C.UTF-8",
    "GOCACHE": "/tmp/home/go-build",
    "GO111MODULE": "off",
    "GOTOOLCHAIN": "local",
    "GOMAXPROCS": "2",
    "NODE_OPTIONS": "--max-old-space-size=384",
}
Tell = Callable[[str, str], None]  # the stream, and what came on it


def nobody(_stream: str, _text: str) -> None:
    pass


@dataclass(frozen=True)
class Ran:
    """`exit` is 128 and the signal's number if one ended it, as a shell says it; `code` is the signal's, negative.

    `why` is a word of `endings`, `cut` are the streams of which the end is missing.
    """

    stdout: str
    stderr: str
    code: int
    ms: int
    kb: int
    why: str
    cut: list[str]

    @property
    def exit(self) -> int:
        return self.code if self.code >= 0 else 128 - self.code


class Kept:
    """The beginning of a stream as text, told as it comes, and how much there was. What is no UTF-8 is replaced."""

    def __init__(self, name: str, most: int, tell: Tell) -> None:
        self.name = name
        self.size = 0
        self._most = most
        self._tell = tell
        self._texts: list[str] = []
        self._decoder = getincrementaldecoder("utf-8")("replace")

    def add(self, data: bytes) -> None:
        left = self._most - self.size
        self.size += len(data)
        if left > 0:
            self._take(self._decoder.decode(data[:left]))

    def end(self) -> None:
        """Half a character is one that isn't right, unless it is us who cut it."""
        if not self.cut:
            self._take(self._decoder.decode(b"", final=True))

    @property
    def cut(self) -> bool:
        return self.size > self._most

    def _take(self, text: str) -> None:
        if text:
            self._texts.append(text)
            self._tell(self.name, text)

    def __str__(self) -> str:
        return "".join(self._texts)


def run(command, folder, stdin, limits: Limits, tell: Tell = nobody) -> Ran:
    os.makedirs(ENVIRONMENT["HOME"], exist_ok=True)  # noqa: PTH103
    with open(folder / stdin, "rb") as given:  # noqa: PTH123
        watched = Watched(command, folder, given, limits, tell=tell)
    watched.watch()
    return watched.ended()


class Watched:
    def __init__(self, command, folder, given, limits: Limits, *, tell: Tell) -> None:
        self._limits = limits
        self._others = everybody()
        self._started = time.monotonic()
        in_a_sandbox = self._in_a_sandbox = os.getppid() == 1
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(),
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=lambda: bound(limits, in_a_sandbox=in_a_sandbox),  # noqa: PLW1509 - this process has one thread
        )
        self._streams = tuple(Kept(name, limits.output_bytes, tell) for name in endings.STREAMS)
        self._status: int | None = None
        self._peak_kb = usage({self._process.pid}).kb  # it may be gone before the next look
        self._stopped = ""
        self._selector = selectors.DefaultSelector()
        for pipe, kept in zip((self._process.stdout, self._process.stderr), self._streams, strict=True):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, selectors.EVENT_READ, kept)

    def watch(self) -> None:
        """Until all its processes have ended, those in the background too, or it is stopped."""
        pause = FIRST_LOOK_S
        while True:
            self._listen(pause)
            pause = min(LAST_LOOK_S, pause * 1.5)
            self._reap()
            running = self._running()
            if len(running) > self._limits.processes:  # too many to look at each
                self._stopped = endings.PROCESSES
                break
            now = usage(running)
            if now.own_kb > self._limits.memory_mb * 1024:
                now = replace(now, own_kb=exact_kb(running, now.own_kb))
            self._stopped = self._too_much(now)
            if self._stopped or (self._status is not None and not running):
                break
        self._ms = round((time.monotonic() - self._started) * 1000)
        self._end()

    def ended(self) -> Ran:
        assert self._status is not None
        code = os.waitstatus_to_exitcode(self._status)
        stdout, stderr = map(str, self._streams)
        why = self._stopped or endings.reason(code, stderr)
        return Ran(
            stdout, stderr, code, self._ms, self._peak_kb, why, [kept.name for kept in self._streams if kept.cut]
        )

    @property
    def _printed(self) -> int:
        return sum(kept.size for kept in self._streams)

    def _running(self) -> set[int]:
        """Without a sandbox there are others, and what leaves the program's session is lost sight of."""
        new = everybody() - self._others
        return new if self._in_a_sandbox else of_session(new, self._process.pid)

    def _listen(self, pause: float) -> None:
        """Takes what comes in the meantime, in the order in which it comes; returns early when there is no more."""
        until = time.monotonic() + pause
        if not self._selector.get_map():
            time.sleep(pause)
        while self._selector.get_map() and self._printed <= self._limits.printed_bytes:
            self._read(max(0.0, until - time.monotonic()))
            if time.monotonic() >= until:
                break

    def _read(self, pause: float) -> None:
        for key, _ in self._selector.select(pause):
            try:
                data = os.read(key.fd, READ_BYTES)
            except BlockingIOError:
                continue
            if data:
                key.data.add(data)
            else:
                self._selector.unregister(key.fileobj)

    def _reap(self) -> None:
        if self._status is not None:
            return
        pid, status, used = os.wait4(self._process.pid, os.WNOHANG)
        if pid:
            self._status = self._process.returncode = status
            # It began as a copy of this process, so only what is above that is surely its own.
            if not self._peak_kb or used.ru_maxrss > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss:
                self._peak_kb = max(self._peak_kb, used.ru_maxrss)

    def _too_much(self, now: Usage) -> str:
        limits = self._limits
        self._peak_kb = max(self._peak_kb, now.kb)
        if now.tasks > limits.processes:
            return endings.PROCESSES
        if now.own_kb > limits.memory_mb * 1024:
            return endings.MEMORY
        if self._printed > limits.printed_bytes:
            return endings.OUTPUT
        if time.monotonic() - self._started > limits.seconds:
            return endings.TIME
        return ""

    def _end(self) -> None:
        """Whatever it has left goes, and what was printed until then is read."""
        stop_everything(self._process.pid)
        if self._status is None:
            _, self._status = os.waitpid(self._process.pid, 0)
            self._process.returncode = self._status
        size = -1
        while size != (size := self._printed) and size <= self._limits.printed_bytes and self._selector.get_map():
            self._read(0)
        for kept in self._streams:
            kept.end()
        self._selector.close()
        for pipe in (self._process.stdout, self._process.stderr):
            assert pipe is not None
            pipe.close()


def environment() -> dict[str, str]:
    if not os.path.exists(LINE_BY_LINE):  # noqa: PTH110
        return ENVIRONMENT
    return {**ENVIRONMENT, "LD_PRELOAD": LINE_BY_LINE, "_STDBUF_O": "L"}


def bound(limits: Limits, *, in_a_sandbox: bool) -> None:
    """In the new process, before the program is there."""
    os.nice(NICE)
    for what, most in (
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.files),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))

    if in_a_sandbox and counted_by_sandbox():
        most = limits.processes + SPARE_PROCESSES
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


def counted_by_sandbox() -> bool:
    release = re.findall(r"\d+", os.uname().release)[:2]
    return [int(number) for number in release] >= [int(number) for number in COUNTED_BY_SANDBOX.split(".")]


def stop_everything(pid: int) -> None:
    """All at once: those that make others faster than they are found one by one, too."""
    in_a_sandbox = os.getppid() == 1
    try:
        if in_a_sandbox:
            os.kill(-1, signal.SIGKILL)
        else:
            os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # nothing is left
