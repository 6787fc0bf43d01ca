"""Reaching other functions: their code, their environment, their processes, their memory, their credentials."""

import os
import socket
from uuid import uuid4

import pytest

from tests.contract.fc.clients import python, refused
from tests.escape.world import World

SECRET = f"secret-{uuid4()}"
VICTIM = f"""
import socket
kept = bytearray({SECRET!r}.encode())
listening = socket.socket(socket.AF_UNIX)
listening.bind("\\0escape-victim")
listening.listen()
def handler(event, context):
    os.makedirs("/tmp/victim", exist_ok=True)
    shared = libc.shmget(4711, 4096, 0o1666)
    return os.getpid()
"""


@pytest.fixture(scope="module")
def victim(world: World) -> str:
    """A function with a secret in its code, its environment and its memory, whose instance stays alive."""
    name = world.deploy(VICTIM, environmentVariables={"SECRET": SECRET})
    assert world.call(name).error is None
    return name


def test_no_process_of_another_is_seen(world: World, victim: str):
    """An instance sees its own two processes, so there is nothing to trace, to signal or to read."""
    body = """
        def handler(event, context):
            texts = []
            for folder, _, files in os.walk("/proc"):
                if "/task/" in folder or not folder.split("/")[2:3] or not folder.split("/")[2].isdigit():
                    continue
                for name in {"environ", "cmdline", "maps"} & set(files):
                    try:
                        texts.append(open(f"{folder}/{name}", "rb").read().decode("latin-1"))
                    except OSError:
                        pass
            return [sorted(pid for pid in os.listdir("/proc") if pid.isdigit()), "".join(texts)]
    """
    pids, texts = world.attempt(body).value
    assert len(pids) == 2
    assert SECRET not in texts


def test_no_process_of_another_is_reached(world: World, victim: str):
    """Not by number, not by all numbers together, not even by the call that traces."""
    before = world.call(victim).instance_id
    world.all_refused(
        "[os.kill(pid, 9) for pid in range(3, 200) if pid != os.getpid()]",
        "call(101, 117, 16, 1, 0, 0)",
        "call(310, 270, 1, 0, 0, 0, 0, 0)",
        "call(438, 438, os.pidfd_open(1), 0, 0)",
        "call(312, 272, 1, 2, 0, 0, 0)",
    )
    world.attempt("def handler(event, context):\n    os.kill(-1, 9)\n    os.kill(0, 9)\n")
    assert world.call(victim).instance_id == before


def test_code_and_files_of_another_are_not_there(world: World, victim: str):
    """By no path: not the machine's, not through /proc, not by a handle."""
    data = world.running.platform.settings.data
    victims = next(path for path in (data / "code").glob("*/code/index.py") if SECRET in path.read_text())
    world.all_refused(
        f"open({str(victims)!r}).read()",
        f"open('/proc/1/root{victims}').read()",
        f"open('/proc/self/cwd/../../../..{victims}').read()",
        "os.listdir('/tmp/victim')",
        "call(304, 265, -100, ctypes.create_string_buffer(64), 0)",
    )
    walk = """
        def handler(event, context):
            found = []
            for top in ("/code", "/tmp", "/var", "/opt", "/mnt", "/run", "/dev", "/etc", "/home"):
                for folder, _, files in os.walk(top):
                    found += [f"{folder}/{name}" for name in files if event.decode() in read(f"{folder}/{name}")]
            return found

        def read(path):
            try:
                if os.path.isfile(path) and not os.path.islink(path):
                    with open(path, "rb") as file:
                        return file.read(1 << 20).decode("latin-1")
            except OSError:
                pass
            return ""
    """
    assert world.attempt(walk, SECRET.encode(), timeout=20).value == []


def test_a_stem_cell_keeps_nothing_of_the_code_of_others(world: World, victim: str):
    """It stood before anybody knew whose code it would run, with all code in reach of its init: not any more."""
    world.running.run(world.running.platform.compute.stems.wait_complete())
    data = world.running.platform.settings.data
    package = next(path for path in (data / "code").glob("*/code/index.py") if SECRET in path.read_text()).parent.parent
    world.all_refused(
        f"os.listdir('/var/fc/stores/code/{package.name}')",
        f"open('/var/fc/stores/code/{package.name}/code/index.py').read()",
        "os.listdir('/var/fc/stores/code')[0]",
        "[os.readlink(f'/proc/1/fd/{n}') for n in range(100) if 'stores' in os.readlink(f'/proc/1/fd/{n}')][0]",
        "[line for line in open('/proc/self/mountinfo') if '/var/fc/stores' in line][0]",
        "open('/proc/1/cwd/var/fc/stores/code').read()",
    )


def test_no_way_between_processes_leads_to_another(world: World, victim: str):
    """Abstract sockets belong to a network, shared memory and queues to an ipc namespace; each has its own."""
    with socket.socket(socket.AF_UNIX) as ours:
        ours.bind("\0escape-host")
        ours.listen()
        world.all_refused(
            "socket.socket(socket.AF_UNIX).connect('\\0escape-victim')",
            "socket.socket(socket.AF_UNIX).connect('\\0escape-host')",
            "call(29, 194, 4711, 4096, 0)",
            "os.stat('/dev/shm/victim')",
        )


def test_no_descriptor_leads_to_another(world: World):
    """The standard streams, the channel and what lists them: no socket or pipe is shared with the zygote or others."""
    body = """
        def handler(event, context):
            numbers = [number for number in os.listdir("/proc/self/fd") if os.path.lexists(f"/proc/self/fd/{number}")]
            return sorted(os.readlink(f"/proc/self/fd/{number}").split(":")[0] for number in numbers)
    """
    assert world.attempt(body).value == ["/dev/null", "pipe", "pipe", "socket"]


def test_another_user_on_the_machine(world: World, victim: str):
    """Under root each instance is somebody else outside, so that not even a shared file would be shared."""
    body = "def handler(event, context):\n    return open('/proc/self/uid_map').read().split()[1]\n"
    one, two = (world.attempt(body).value for _ in range(2))
    assert (one != two) == (os.getuid() == 0)


def test_credentials_open_what_the_function_may_do_and_no_more(world: World, victim: str):
    """Carried out of their sandbox they still change nothing, and show neither code nor environment of another."""
    body = """
        def handler(event, context):
            names = ("accessKeyID", "accessKeySecret", "securityToken")
            return {name: os.environ[name] for name in names}
    """
    stolen = world.attempt(body).value
    thief = python(world.running, **stolen)
    assert thief.invoke_function("attacked", "neighbour", payload=b"x").data == b"neighbour: x"
    for attempt in (
        lambda: thief.get_function("attacked", victim),
        lambda: thief.get_function_code("attacked", victim),
        lambda: thief.update_function("attacked", victim, memorySize=256),
        lambda: thief.delete_function("attacked", victim),
        lambda: thief.create_service("mine"),
        lambda: thief.delete_service("attacked"),
        lambda: thief.list_functions("attacked"),
    ):
        assert refused(attempt).err_code == "AccessDenied"
    payload, mac = stolen["securityToken"].split(".")
    forged = {**stolen, "securityToken": f"{payload[:-4]}AAAA.{mac}"}
    assert refused(lambda: python(world.running, **forged).get_service("attacked")).status_code == 403
    bare = {name: stolen[name] for name in ("accessKeyID", "accessKeySecret")}
    assert refused(lambda: python(world.running, **bare).get_service("attacked")).status_code == 403


def test_being_inside_is_no_credential(world: World):
    """The platform answers unsigned requests from a sandbox as it answers anybody's."""
    account = world.running.account_id
    reasons = world.all_refused(
        f"fetch('http://{account}.cn-hangzhou.fc.aliyuncs.com/2016-08-15/services')",
        f"fetch('https://{account}.cn-hangzhou.fc.aliyuncs.com/2016-08-15/services/attacked/functions')",
        f"fetch('http://{account}.mns.cn-hangzhou.aliyuncs.com/queues')",
        "fetch('http://cn-hangzhou.fnf.aliyuncs.com/?Action=ListFlows&Version=2019-03-15')",
        "fetch('http://127.0.0.1/api/audit')",
        "fetch('http://127.0.0.1/api/config/schemas')",
        "fetch('http://127.0.0.1/api/config/values/../../audit')",
    )
    assert all(reason.startswith("PermissionError: 4") for reason in reasons)


def test_the_platforms_own_keys_are_not_in_any_copy(world: World):
    """Every sandbox begins as a copy of the zygote's memory: there is nothing of the platform in it."""
    body = """
        import re
        def handler(event, context):
            pattern = re.compile(event)  # which isn't what it looks for, and so doesn't find itself
            with open("/proc/self/mem", "rb", buffering=0) as memory, open("/proc/self/maps") as maps:
                for line in maps.readlines():
                    area, mode, *_ = line.split()
                    start, end = (int(part, 16) for part in area.split("-"))
                    if "r" in mode and "[v" not in line and end - start < 1 << 26:
                        memory.seek(start)
                        if pattern.search(memory.read(end - start)):
                            return "found in " + line
            return "nothing"
    """
    data = world.running.platform.settings.data
    key = (data / "authority/ca.key").read_text().splitlines()[1]
    secrets = (world.running.access_key_secret, SECRET, key[:32])
    patterns = ["".join(f"[{letter}]" for letter in secret) for secret in secrets]
    assert world.attempt(body, "|".join(patterns).encode(), timeout=20).answer == b"nothing"
