"""What a sandbox hides, forbids and grants, tried from inside by functions."""

import asyncio
import json
import os
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from liuyun.compute.sandbox.egress import Caller
from liuyun.model.invocation import InvocationResult
from liuyun.serving import Serving, bind
from tests.contract.runtime.stage import ACCOUNT, Stage, call, on_stage, outside, staged


def seen(folder: Path, expression: str, prelude: str = "", **options) -> Any:
    """The value of an expression inside of a sandbox."""
    code = f"import os, socket, subprocess\n{dedent(prelude)}\ndef handler(event, context):\n    return {expression}\n"
    result = call(folder, code, **options)
    assert result.error_type is None, result.payload
    return json.loads(result.payload)


ATTEMPT = """
def attempt(act):
    try:
        return repr(act())
    except BaseException as error:
        return type(error).__name__
"""


def attempted(folder: Path, *acts: str, **options) -> list[str]:
    folder.mkdir(exist_ok=True)
    return seen(folder, f"[{', '.join(f'attempt(lambda: {act})' for act in acts)}]", ATTEMPT, **options)


def test_files_of_the_host_are_not_there(tmp_path: Path):
    """Only the interpreter, the system's programs and the function's own code are."""
    secret = tmp_path / "secret"
    secret.write_text("s")
    acts = [f"open({str(path)!r}).read()" for path in (secret, tmp_path / "data/authority/ca.key", "/etc/shadow")]
    assert attempted(tmp_path, *acts) == ["FileNotFoundError"] * 3


def test_the_root_is_read_only(tmp_path: Path):
    """Neither the system nor the code can be changed; /tmp can."""
    acts = [f"open('{path}/x', 'w').write('x')" for path in ("/usr", "/code", "/etc", "", "/opt")]
    *others, tmp = attempted(tmp_path, *acts, "open('/tmp/x', 'w').write('x')")
    assert set(others) <= {"OSError", "PermissionError"}
    assert tmp == "1"


def test_tmp_is_private_and_bounded(tmp_path: Path):
    """It is empty for each instance, and full before the machine is."""
    code = """
        import os
        def handler(event, context):
            before = os.listdir("/tmp")
            try:
                with open("/tmp/big", "wb") as file:
                    for _ in range(100):
                        file.write(bytes(1 << 20))
                return "unbounded"
            except OSError as error:
                return [before, error.errno]
    """

    async def act(stage: Stage) -> bytes:
        stage.deploy(code)
        return (await stage.invoke()).payload

    assert json.loads(on_stage(tmp_path, act, limits={"tmp_bytes": 32 << 20})) == [[], 28]


def test_only_its_own_processes_are_seen(tmp_path: Path):
    """Its init and its worker; nothing of the platform and nothing of the neighbours."""
    code = "import os\ndef handler(event, context):\n    return sorted(p for p in os.listdir('/proc') if p.isdigit())\n"

    async def act(stage: Stage) -> list[bytes]:
        for name in ("one", "two"):
            stage.deploy(code, name=name)
        return [(await stage.invoke(name=name)).payload for name in ("one", "two")]

    assert [json.loads(payload) for payload in on_stage(tmp_path, act)] == [["1", "2"]] * 2


def test_proc_says_nothing_of_the_machines_other_users(tmp_path: Path):
    """Devices, modules, locks, keys and the kernel's command line are empty or closed; nothing there can be set."""
    told = ("cmdline", "diskstats", "interrupts", "kallsyms", "keys", "locks", "modules", "partitions")
    closed = ("kcore", "kmsg", "timer_list", "slabinfo")
    acts = [f"open('/proc/{name}', 'rb').read(9)" for name in (*told, *closed)]
    assert set(attempted(tmp_path, *acts)) <= {"b''", "PermissionError", "FileNotFoundError"}
    settings = ("sys/kernel/hostname", "sys/vm/drop_caches", "sysrq-trigger", "self/oom_score_adj", "self/uid_map")
    acts = [f"open('/proc/{name}', 'w').write('1')" for name in settings]
    assert set(attempted(tmp_path / "set", *acts)) <= {"PermissionError", "OSError", "FileNotFoundError"}


def test_layers_are_shown_at_opt(tmp_path: Path):
    """Read-only, in place of the empty folder."""
    layers = tmp_path / "layers"
    layers.mkdir(mode=0o755)
    (layers / "tool").write_text("of a layer")
    acts = ["open('/opt/tool').read()", "open('/opt/tool', 'w')", "os.listdir('/opt')"]
    assert attempted(tmp_path, *acts, layers_dir=str(layers)) == ["'of a layer'", "OSError", "['tool']"]


def test_nobody_is_root_inside(tmp_path: Path):
    """An ordinary user without capabilities, who can't get any."""
    facts = seen(tmp_path, "[os.getuid(), open('/proc/self/status').read()]")
    status = dict(line.split(":\t", 1) for line in facts[1].splitlines() if ":\t" in line)
    assert facts[0] == 1000
    assert {int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
    assert status["NoNewPrivs"] == "1"


def test_privileged_acts_fail(tmp_path: Path):
    """Mounting, raw sockets, becoming root, host names, devices."""
    acts = (
        "subprocess.run(['mount', '-t', 'tmpfs', 'x', '/tmp'], check=True, capture_output=True)",
        "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
        "os.setuid(0)",
        "socket.sethostname('evil')",
        "os.mknod('/tmp/null', 0o20666, os.makedev(1, 1))",
        "os.chroot('/tmp')",
        "os.kill(1, 9) or open('/proc/1/mem', 'rb').read(1)",
    )
    assert {"0", "None"}.isdisjoint(attempted(tmp_path, *acts))


def test_the_network_has_nothing_but_the_platform(tmp_path: Path):
    """No interface but loopback, no route, and the host's loopback isn't its own."""
    listening = bind("127.0.0.1", 0)
    port = listening.getsockname()[1]
    acts = (
        f"socket.create_connection(('127.0.0.1', {port}), 2)",
        "socket.create_connection(('1.1.1.1', 53), 2)",
        "socket.getaddrinfo('example.com', 80)",
    )
    answers = attempted(tmp_path, "[name for _, name in socket.if_nameindex()]", *acts)
    listening.close()
    assert answers == ["['lo']", "ConnectionRefusedError", "OSError", "gaierror"]


def test_devices_are_harmless(tmp_path: Path):
    """The harmless ones work; disks, terminals and memory aren't there."""
    found, random = seen(tmp_path, "[sorted(os.listdir('/dev')), len(open('/dev/urandom', 'rb').read(8))]")
    assert found == ["fd", "full", "null", "random", "shm", "stderr", "stdin", "stdout", "urandom", "zero"]
    assert random == 8


def test_no_descriptor_is_inherited(tmp_path: Path):
    """Only the standard streams and the channel are open; nothing of the zygote or of other instances."""
    prelude = """
        def opened():
            for number in os.listdir("/proc/self/fd"):
                if os.path.lexists(f"/proc/self/fd/{number}"):
                    yield os.readlink(f"/proc/self/fd/{number}").split(":")[0]
    """
    assert sorted(seen(tmp_path, "list(opened())", prelude)) == ["/dev/null", "pipe", "pipe", "socket"]


def test_neighbours_have_different_users_outside(tmp_path: Path):
    """Under root each instance is another user outside, so that none may touch what another owns."""
    code = "def handler(event, context):\n    return open('/proc/self/uid_map').read().split()\n"

    async def act(stage: Stage) -> list[list[str]]:
        for name in ("one", "two"):
            stage.deploy(code, name=name)
        return [json.loads((await stage.invoke(name=name)).payload) for name in ("one", "two")]

    one, two = on_stage(tmp_path, act)
    assert one[0] == two[0] == "1000"
    assert (one[1] != two[1]) == (os.getuid() == 0)


FETCH = """
    import json, urllib.request, urllib.error, http.client
    def handler(event, context):
        try:
            with urllib.request.urlopen(event.decode(), timeout=10) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            return str(error.code) + error.read().decode()
        except OSError as error:
            return repr(error)
"""


def fetched(folder: Path, url: str, *, internet: bool = True, **options) -> tuple[str, Stage]:
    async def act(stage: Stage) -> tuple[str, Stage]:
        neighbour = bind("127.0.0.1", 0)
        serving = Serving(outside)
        await serving.listen(neighbour)
        stage.deploy(FETCH, internet=internet)
        target = url.replace("PORT", str(neighbour.getsockname()[1]))
        result: InvocationResult = await stage.invoke(target.encode())
        await serving.close(1)
        return result.payload.decode(), stage

    return on_stage(folder, act, **options)


def test_vendor_names_reach_the_platform_which_knows_who_asks(tmp_path: Path):
    """Over plain HTTP, by name, unchanged; the platform sees account, service, function and instance."""
    answer, stage = fetched(tmp_path, "http://cn-hangzhou.fnf.aliyuncs.com/path")
    assert answer == "platform:cn-hangzhou.fnf.aliyuncs.com"
    by = stage.asked[0]["by"]
    assert isinstance(by, Caller)
    assert (by.account_id, by.service, by.function) == (ACCOUNT, "s", "f")


@pytest.mark.parametrize("internet", [True, False])
def test_vendor_names_are_reached_over_tls(tmp_path: Path, internet: bool):
    """Through the proxy or, where there is none, by the hosts file: the certificate is trusted either way."""
    answer, _ = fetched(tmp_path, f"https://{ACCOUNT}.cn-hangzhou.fc.aliyuncs.com/x", internet=internet)
    assert answer == f"platform:{ACCOUNT}.cn-hangzhou.fc.aliyuncs.com"


def test_a_client_that_knows_no_proxy_reaches_the_platform(tmp_path: Path):
    """The message service's SDK opens its own connection to port 80 of the account's host name."""
    host = f"{ACCOUNT}.mns.cn-shanghai.aliyuncs.com"
    code = f"""
        import http.client
        def handler(event, context):
            connection = http.client.HTTPConnection("{host}")
            connection.request("POST", "/queues/q/messages", b"<xml/>")
            return connection.getresponse().read()
    """
    assert call(tmp_path, code).payload.decode() == f"platform:{host}"


def test_private_addresses_are_denied(tmp_path: Path):
    """The answer names the address and what the operator could set."""
    answer, _ = fetched(tmp_path, "http://169.254.169.254/latest/meta-data")
    assert answer.startswith("403")
    assert "[egress] allow" in answer


def test_what_the_operator_allows_is_reached(tmp_path: Path):
    """An address in `egress.allow`, however it is written, through the proxy."""
    answer, _ = fetched(tmp_path, "http://2130706433:PORT/x", egress={"allow": ["127.0.0.0/8"]})
    assert answer == "outside"


def test_a_service_without_internet_access_goes_nowhere(tmp_path: Path):
    """Not even a public name resolves."""
    answer, _ = fetched(tmp_path, "http://example.com/", internet=False)
    assert "URLError" in answer


def test_the_operators_names_are_reached_without_a_proxy(tmp_path: Path):
    """`egress.hosts` stand in the sandbox's hosts file, and lead where the operator says."""
    code = """
        import http.client
        def handler(event, context):
            connection = http.client.HTTPConnection("orders.internal")
            connection.request("GET", "/")
            return connection.getresponse().read()
    """

    async def act() -> bytes:
        neighbour = bind("127.0.0.1", 0)
        target = f"127.0.0.1:{neighbour.getsockname()[1]}"
        async with staged(tmp_path, egress={"hosts": {"orders.internal": target}}) as stage:
            serving = Serving(outside)
            await serving.listen(neighbour)
            stage.deploy(code)
            payload = (await stage.invoke()).payload
            await serving.close(1)
            return payload

    assert asyncio.run(act()) == b"outside"
