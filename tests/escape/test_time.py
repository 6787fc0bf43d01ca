"""Living on: after the time of a call, after its end, after the instance."""

import os
import select
from uuid import uuid4

from tests.escape.world import World, processes_named

NAME = f"esc-{uuid4().hex[:8]}"  # of this run alone
DAEMON = f"""
        def daemon():
            reads, writes = os.pipe()
            if os.fork():
                os.wait()
                os.read(reads, 1)
                return
            os.setsid()
            if os.fork():
                os._exit(0)
            libc.prctl(15, b"{NAME}")
            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))
            print("daemon began", flush=True)
            os.write(writes, b"!")
            while True:
                time.sleep(60)
"""


def test_a_daemon_ends_with_the_time_of_its_call(world: World):
    """A double fork into a session of its own, with every signal blocked: it ends before the caller is answered."""
    attempt = world.attempt(
        f"{DAEMON}\n        def handler(event, context):\n            daemon()\n            time.sleep(60)\n", timeout=1
    )
    assert attempt.message.startswith("Function timed out after 1 seconds")
    assert "daemon began" in attempt.log
    assert processes_named(NAME) == []


def test_a_daemon_ends_with_its_instance(world: World):
    """It may live between calls, as long as the instance does and within its limits; not past it."""
    name = world.deploy(
        f"{DAEMON}\n        def handler(event, context):\n            daemon()\n            return os.getpid()\n"
    )
    assert world.call(name).error is None
    (pid,) = processes_named(NAME)
    end = os.pidfd_open(int(pid))
    world.deployed.client.delete_function("attacked", name)
    assert select.select([end], [], [], 10)[0], "it lives on"
    os.close(end)
    assert world.deployed.invoke("neighbour", b"x").data == b"neighbour: x"


def test_ignoring_the_end(world: World):
    """Who ignores every signal that can be ignored is ended all the same."""
    body = """
        def handler(event, context):
            for number in set(range(1, 65)) - {9, 19, 32, 33}:
                signal.signal(number, signal.SIG_IGN)
            while True:
                pass
    """
    attempt = world.attempt(body, timeout=1)
    assert attempt.message.startswith("Function timed out after 1 seconds")


def test_a_process_that_stops_itself(world: World):
    """A stopped process is ended like a running one."""
    attempt = world.attempt("def handler(event, context):\n    os.kill(os.getpid(), signal.SIGSTOP)\n", timeout=1)
    assert attempt.message.startswith("Function timed out after 1 seconds")
