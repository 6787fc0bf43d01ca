"""The filter on system calls, at work: what it refuses, and that ordinary programs don't notice it."""

import errno
import json
import platform
from pathlib import Path

from tests.contract.runtime.stage import call

NUMBERS = {  # of calls without harm if they were let through with these arguments
    "x86_64": {"ptrace": 101, "mount": 165, "unshare": 272, "bpf": 321, "keyctl": 250, "userfaultfd": 323,
               "perf_event_open": 298, "io_uring_setup": 425, "setns": 308, "sync": 162},
    "aarch64": {"ptrace": 117, "mount": 40, "unshare": 97, "bpf": 280, "keyctl": 219, "userfaultfd": 282,
                "perf_event_open": 241, "io_uring_setup": 425, "setns": 268, "sync": 81},
}  # fmt: skip


def test_dangerous_calls_are_refused(tmp_path: Path):
    """With EPERM, as to any program without rights; the process goes on."""
    numbers = list(NUMBERS[platform.machine()].values())
    code = f"""
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        def handler(event, context):
            return [libc.syscall(n, 0, 0, 0, 0, 0) + 1000 * ctypes.get_errno() for n in {numbers}]
    """
    assert set(json.loads(call(tmp_path, code).payload)) == {1000 * errno.EPERM - 1}


def test_every_process_of_a_sandbox_is_filtered(tmp_path: Path):
    """Its init, its worker and what they start."""
    code = """
        import subprocess
        def handler(event, context):
            own = ["/proc/1/status", "/proc/self/status"]
            texts = [*(open(path).read() for path in own), subprocess.check_output(["cat", own[1]], text=True)]
            return [text.split("Seccomp:")[1].split()[0] for text in texts]
    """
    assert json.loads(call(tmp_path, code).payload) == ["2", "2", "2"]


def test_another_architectures_calls_end_the_process(tmp_path: Path):
    """The 32-bit way into a 64-bit kernel would lead around the filter; the error says what ended it."""
    if platform.machine() != "x86_64":
        return  # others have no second way
    code = """
        import ctypes, mmap
        def handler(event, context):
            memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
            memory.write(bytes.fromhex("b814000000cd80c3"))  # getpid by int 0x80
            return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()
    """
    result = call(tmp_path, code)
    assert result.error_type == "UnhandledInvocationError"
    assert "a system call that functions may not make" in result.log_tail


def test_ordinary_programs_do_not_notice(tmp_path: Path):
    """Threads, processes, shells with pipes, named pipes, sockets, shared memory, files of all kinds."""
    code = """
        import asyncio, concurrent.futures, multiprocessing.shared_memory, os, sqlite3, subprocess, tempfile
        def twice(number):
            return 2 * number
        async def child():
            process = await asyncio.create_subprocess_exec("echo", "out", stdout=asyncio.subprocess.PIPE)
            return (await process.communicate())[0].decode()
        def handler(event, context):
            with concurrent.futures.ThreadPoolExecutor(4) as threads:
                in_threads = list(threads.map(twice, [1, 2]))
            with multiprocessing.get_context("fork").Pool(2) as processes:
                in_processes = processes.map(twice, [1, 2])
            shared = multiprocessing.shared_memory.SharedMemory(create=True, size=64)
            shared.close()
            shared.unlink()
            script = "mkfifo /tmp/p; (echo hi > /tmp/p &); cat /tmp/p; seq 3 | sort -r | tr '\\\\n' ' '; ulimit -c"
            shell = subprocess.run(["bash", "-c", script], capture_output=True, text=True).stdout
            with tempfile.TemporaryDirectory() as folder:
                rows = sqlite3.connect(folder + "/db").execute("select 1").fetchone()
            return [in_threads, in_processes, shell, asyncio.run(child()), rows]
    """
    assert json.loads(call(tmp_path, code).payload) == [[2, 4], [2, 4], "hi\n3 2 1 0\n", "out\n", [1]]
