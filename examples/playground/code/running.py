"""One command under limits: started, watched until nothing of it runs any more, stopped when it wants too much.

Memory, processes, time and output are watched here, so that it can be said in words which of them it was. The
platform's own limits lie above: they hold for a program that is quicker than this watch, and would end the watch too.
"""

import os
import re
import resource
import selectors
import signal
import subprocess
import time
from dataclasses import dataclass, field, replace

from languages import PATH
from limits import MB, Limits
from processes import Usage, everybody, exact_kb, of_session, usage

FIRST_LOOK_S, LAST_LOOK_S = 0.002, 0.02
READ_BYTES = 256 * 1024
NICE = 19  # who watches must come before who is watched
SPARE_PROCESSES = 16  # so that it is seen that there are too many, before the kernel refuses more
COUNTED_BY_SANDBOX = "5.14"  # from this kernel on; before, all processes of the platform's user counted
STREAMS = ("Output", "Error output")
WANTED_MEMORY = (
    "MemoryError", "bad_alloc", "annot allocate memory", "ut of memory", "OutOfMemoryError", "Allowed memory size",
    "ailed to allocate memory", "not enough memory", "memory allocation of",
)  # fmt: skip
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


@dataclass(frozen=True)
class Ran:
    """`exit` is 128 and the signal's number if one ended it, as a shell says it. `note` says in words what was cut."""

    stdout: str
    stderr: str
    exit: int
    ms: int
    kb: int
    note: str


@dataclass
class Kept:
    """The beginning of a stream, and how much there was."""

    most: int
    text: bytearray = field(default_factory=bytearray)
    size: int = 0

    def add(self, data: bytes) -> None:
        self.size += len(data)
        self.text += data[: self.most - len(self.text)]

    @property
    def cut(self) -> bool:
        return self.size > self.most

    def __str__(self) -> str:
        text = self.text.decode("utf-8", "replace")
        return text.rstrip("\ufffd") if self.cut else text  # half a character


def run(command, folder, stdin, limits: Limits) -> Ran:
    os.makedirs(ENVIRONMENT["HOME"], exist_ok=True)  # noqa: PTH103
    with open(folder / stdin, "rb") as given:  # noqa: PTH123
        watched = Watched(command, folder, given, limits)
    watched.watch()
    return watched.ended()


class Watched:
    def __init__(self, command, folder, given, limits: Limits) -> None:
        self._limits = limits
        self._others = everybody()
        self._started = time.monotonic()
        in_a_sandbox = self._in_a_sandbox = os.getppid() == 1
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=ENVIRONMENT,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=lambda: bound(limits, in_a_sandbox=in_a_sandbox),  # noqa: PLW1509 - this process has one thread
        )
        self._streams = (Kept(limits.output_bytes), Kept(limits.output_bytes))
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
            self._read(pause)
            pause = min(LAST_LOOK_S, pause * 1.5)
            self._reap()
            running = self._running()
            if len(running) > self._limits.processes:  # too many to look at each
                self._stopped = too_many(self._limits)
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
        notes = [self._stopped or reason(code, stderr, self._limits)]
        notes += [
            f"{name} cut at {self._limits.output_bytes // 1024} KB."
            for name, kept in zip(STREAMS, self._streams, strict=True)
            if kept.cut
        ]
        note = " ".join(filter(None, notes))
        return Ran(stdout, stderr, code if code >= 0 else 128 - code, self._ms, self._peak_kb, note)

    def _running(self) -> set[int]:
        """Without a sandbox there are others, and what leaves the program's session is lost sight of."""
        new = everybody() - self._others
        return new if self._in_a_sandbox else of_session(new, self._process.pid)

    def _read(self, pause: float) -> None:
        if not self._selector.get_map():
            time.sleep(pause)
            return
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
            return too_many(limits)
        if now.own_kb > limits.memory_mb * 1024:
            return f"Stopped: it used more than {limits.memory_mb} MB of memory."
        if sum(kept.size for kept in self._streams) > limits.printed_bytes:
            return f"Stopped: it printed more than {limits.printed_bytes // MB} MB."
        if time.monotonic() - self._started > limits.seconds:
            return f"Stopped after {limits.seconds} s."
        return ""

    def _end(self) -> None:
        """Whatever it has left goes, and what was printed until then is read."""
        stop_everything(self._process.pid)
        if self._status is None:
            _, self._status = os.waitpid(self._process.pid, 0)
            self._process.returncode = self._status
        size = -1
        while size != (size := sum(kept.size for kept in self._streams)) and size <= self._limits.printed_bytes:
            self._read(0)
        self._selector.close()
        for pipe in (self._process.stdout, self._process.stderr):
            assert pipe is not None
            pipe.close()


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


def too_many(limits: Limits) -> str:
    return f"Stopped: it had more than {limits.processes} processes and threads."


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


def reason(code: int, stderr: str, limits: Limits) -> str:
    """Why it ended badly, where an exit code alone doesn't say it."""
    if code == 0:
        return ""
    if any(words in stderr for words in WANTED_MEMORY):
        return f"It wanted more memory than it may have ({limits.memory_mb} MB)."
    if code == -signal.SIGXFSZ or "File too large" in stderr:
        return f"It wrote a file of more than {limits.file_bytes // MB} MB."
    if code < 0:
        return f"It was ended by signal {-code} ({signal.strsignal(-code)})."
    return ""
