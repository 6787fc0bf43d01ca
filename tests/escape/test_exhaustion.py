"""Taking all there is: processes, memory, disk, output, connections."""

import re

from liuyun.compute.sandbox import cgroups
from tests.escape.world import Attempt, World

EXITED = "Process exited unexpectedly before completing request"
GROUPS = cgroups.detect().kind != "none"  # else rlimits bound each process by itself, as `liuyun doctor` says


def assert_ended_for_memory(attempt: Attempt) -> None:
    """The kernel ends the process and the log says why; or what it asks for is refused to it."""
    if GROUPS:
        assert attempt.message.startswith(EXITED)
        assert "it used more memory than the function has (memorySize)" in attempt.log
    else:
        assert attempt.error == "UnhandledInvocationError"
        assert re.search("MemoryError|File too large", attempt.answer.decode())


def test_a_fork_bomb(world: World):
    """All of it ends with its time, or sooner."""
    attempt = world.attempt(
        """
        def handler(event, context):
            while True:
                try:
                    os.fork()
                except OSError:
                    pass
        """,
        timeout=2,
        memorySize=1024,
    )
    assert re.match(rf"Function timed out after 2 seconds|{EXITED}", attempt.message)
    assert attempt.served >= 1


def test_more_processes_than_an_instance_may_have(world: World):
    """One after the other, which bounds them on a busy machine too; the log says what happened."""
    attempt = world.attempt(
        """
        def handler(event, context):
            try:
                for number in range(2000):
                    if os.fork() == 0:
                        time.sleep(60)
                        os._exit(0)
            except OSError:
                return number
            finally:
                os._exit(1)
        """,
        timeout=50,
        memorySize=2048,
    )
    assert attempt.message.startswith(EXITED)
    assert ("The kernel refused processes: an instance may have 1024" in attempt.log) == GROUPS


def test_a_memory_bomb(world: World):
    """The kernel ends it at its limit, and the log says so."""
    attempt = world.attempt(
        """
        def handler(event, context):
            kept = []
            while True:
                kept.append(b"x" * (8 << 20))
        """
    )
    assert_ended_for_memory(attempt)


def test_memory_meant_for_files(world: World):
    """What /tmp may hold is no reserve of memory: who takes a little too much is ended as well, if not as fast."""
    attempt = world.attempt(
        """
        def handler(event, context):
            kept = b"x" * int(event)
            time.sleep(60)
        """,
        b"%d" % ((140 if GROUPS else 200) << 20),
        timeout=20,
    )
    assert_ended_for_memory(attempt)


def test_files_may_fill_what_is_theirs(world: World):
    """Most of the memory and all of /tmp at a time, as at the vendor, where /tmp is a disk."""
    attempt = world.attempt(
        """
        def handler(event, context):
            kept = b"x" * (96 << 20)
            with open("/tmp/x", "wb") as file:
                for _ in range(30):
                    file.write(bytes(1 << 20))
            time.sleep(0.6)
            return "both"
        """
    )
    assert attempt.answer == b"both"


def test_memory_that_is_a_file_nowhere(world: World):
    """Anonymous files count as memory."""
    attempt = world.attempt(
        """
        def handler(event, context):
            file = os.memfd_create("hoard")
            while True:
                os.write(file, bytes(1 << 20))
        """
    )
    assert_ended_for_memory(attempt)


def test_filling_the_disk(world: World):
    """What can be written to is bounded in bytes and in files; nothing of it is the machine's disk."""
    attempt = world.attempt(
        """
        def fill(path):
            written = 0
            try:
                with open(path, "wb", buffering=0) as file:
                    while written < 1 << 28:
                        written += file.write(bytes(1 << 20))
            except OSError as error:
                return [written, error.strerror]
            finally:
                os.unlink(path)
            return [written, "no bound"]

        def litter():
            number = 0
            try:
                while number < 1 << 20:
                    os.close(os.open(f"/tmp/{number}", os.O_CREAT))
                    number += 1
            except OSError as error:
                return [number, error.strerror]
            return [number, "no bound"]

        def handler(event, context):
            return [fill("/tmp/big"), fill("/dev/shm/big"), litter()]
        """,
        timeout=20,
    )
    in_tmp, shared, files = attempt.value
    full = "No space left on device"
    assert [in_tmp[1], shared[1], files[1]] == [full] * 3
    assert in_tmp[0] <= 32 << 20
    assert shared[0] <= 64 << 20


def test_a_flood_of_output(world: World):
    """What is kept of it is bounded, and its log says that it was cut."""
    attempt = world.attempt(
        """
        def handler(event, context):
            for number in range(200_000):
                print("flood " * 20)
            os.write(1, b"without an end" * 300_000)
            return "done"
        """,
        timeout=30,
    )
    assert attempt.answer == b"done"
    assert "The log of this invocation was cut here: it has more than 65536 bytes." in attempt.log


def test_a_flood_for_an_answer(world: World):
    """An answer over the bound is the function's failure."""
    attempt = world.attempt("def handler(event, context):\n    return bytes(40 << 20)\n")
    assert "the response has 41943040 bytes" in attempt.message


def test_nonsense_for_an_answer(world: World):
    """A worker that breaks the rules of its channel is ended; so is one that announces more than there may be."""
    for nonsense in ("b'\\xff' * 64", "bytes(3) + b'\\x02' + bytes(4) + b'{}'"):
        attempt = world.attempt(
            f"""
            def handler(event, context):
                for number in range(3, 100):
                    if stat.S_ISSOCK(mode_of(number)):
                        os.write(number, {nonsense})
                time.sleep(60)

            import stat
            def mode_of(number):
                try:
                    return os.fstat(number).st_mode
                except OSError:
                    return 0
            """
        )
        assert attempt.message.startswith(EXITED)


def test_a_flood_of_answers(world: World):
    """Well-formed answers to calls that nobody made: whoever sends more than there were calls is ended."""
    attempt = world.attempt(
        """
        def handler(event, context):
            answer = b'{"id":7777}'
            frames = (len(answer).to_bytes(4, "big") + bytes(4) + answer) * 1000
            for number in range(3, 100):
                try:
                    with socket.socket(fileno=number) as channel:
                        while True:
                            channel.sendall(frames)
                except OSError:
                    pass
        """
    )
    assert attempt.message.startswith(EXITED)
    assert attempt.log.count("FC Invoke End") == 1


def test_a_flood_of_connections(world: World):
    """One sandbox has so many connections to the platform and no more."""
    attempt = world.attempt(
        """
        def handler(event, context):
            kept = []
            for number in range(700):
                sock = socket.create_connection(("127.0.0.1", 80), 2)
                sock.setblocking(False)
                kept.append(sock)
            time.sleep(0.2)
            closed = 0
            for sock in kept:
                try:
                    closed += sock.recv(1) == b""
                except BlockingIOError:
                    pass
                except ConnectionResetError:
                    closed += 1
            return closed
        """
    )
    assert attempt.value >= 700 - 512


def test_descriptors_run_out_for_itself_alone(world: World):
    """A process may open so many files and no more."""
    reasons = world.all_refused("[os.dup(0) for _ in range(200_000)]", timeout=20)
    assert "Too many open files" in reasons[0]
