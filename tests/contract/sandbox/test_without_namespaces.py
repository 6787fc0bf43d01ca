"""`isolation = "process"`, for machines that can't isolate: functions run beside the platform, and end with it."""

import json
import subprocess
import sys
from pathlib import Path

from tests.contract.runtime.stage import Stage, on_stage


def told(folder: Path, code: str, **options):
    async def act(stage: Stage):
        stage.deploy(code, **options)
        return await stage.invoke(), stage

    result, stage = on_stage(folder, act, isolation="process")
    return result, stage


def test_a_function_runs_where_its_code_is(tmp_path: Path):
    """There is no /code; the variable says where the package is."""
    code = "import os\ndef handler(event, context):\n    return [os.getcwd() + '/', os.environ['FC_FUNC_CODE_PATH']]\n"
    result, stage = told(tmp_path, code)
    folder = stage.deployed["f"].code_dir + "/"
    assert json.loads(result.payload) == [folder, folder]


def test_vendor_names_reach_the_platform_through_the_proxy(tmp_path: Path):
    """Over HTTP and TLS, with the identity of the instance."""
    code = """
        import urllib.request
        def handler(event, context):
            host = "cn-hangzhou.fnf.aliyuncs.com"
            return [urllib.request.urlopen(f"{scheme}://{host}/").read().decode() for scheme in ("http", "https")]
    """
    result, stage = told(tmp_path, code)
    assert json.loads(result.payload) == ["platform:cn-hangzhou.fnf.aliyuncs.com"] * 2
    assert {asked["by"].function for asked in stage.asked} == {"f"}


def test_a_hanging_function_and_its_daemon_are_ended(tmp_path: Path):
    """Without a pid namespace the instance's first process finds and kills them all."""
    code = """
        import os, time
        def handler(event, context):
            if os.fork() == 0:
                os.setsid()
                print("daemon", os.getpid(), flush=True)
                time.sleep(60)
            time.sleep(60)
    """

    async def act(stage: Stage) -> str:
        stage.deploy(code, timeout_s=1)
        result = await stage.invoke()
        assert b"timed out" in result.payload
        return next(text for text in stage.texts("request-1") if text.startswith("daemon"))

    pid = on_stage(tmp_path, act, isolation="process").split()[1]
    assert not Path("/proc", pid).exists()


PLATFORM = """
import asyncio, pathlib, sys
from liuyun.errors import Unavailable
from tests.contract.runtime.stage import staged

async def main():
    async with staged(pathlib.Path(sys.argv[1]), isolation=sys.argv[2]) as stage:
        stage.deploy("def handler(event, context):\\n    return 'it ran'\\n")
        try:
            print((await stage.invoke()).payload.decode())
        except Unavailable as error:
            print(error)

asyncio.run(main())
"""
NO_FURTHER = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'


def said_where_no_namespace_can_be_made(folder: Path, isolation: str) -> str:
    """Of a call on a platform whose own user namespace may have none inside; whoever runs the tests may make that."""
    command = ["unshare", "--user", "--map-root-user", "sh", "-c", NO_FURTHER, "sh"]
    script = [sys.executable, "-c", PLATFORM, str(folder), isolation]
    return subprocess.run([*command, *script], capture_output=True, text=True, timeout=60, check=True).stdout


def test_where_the_machine_can_not_isolate_functions_do_not_run(tmp_path: Path):
    """The error says what failed and whom to ask; nothing is run without a sandbox by itself."""
    said = said_where_no_namespace_can_be_made(tmp_path, "namespaces")
    assert "it ran" not in said
    assert "No sandbox can be started: [Errno 28] clone3" in said
    assert "`liuyun doctor` shows what this machine can isolate" in said


def test_where_the_machine_can_not_isolate_the_operator_may_run_them(tmp_path: Path):
    """By the setting, with eyes open."""
    assert "it ran" in said_where_no_namespace_can_be_made(tmp_path, "process")


def test_node_runs_where_its_code_is(tmp_path: Path):
    """With the Node.js of this machine, from where it is."""
    code = "exports.handler = async () => [`${process.cwd()}/`, process.env.FC_FUNC_CODE_PATH];"
    result, stage = told(tmp_path, "", files={"index.js": code}, runtime="nodejs20")
    folder = stage.deployed["f"].code_dir + "/"
    assert json.loads(result.payload) == [folder, folder]
