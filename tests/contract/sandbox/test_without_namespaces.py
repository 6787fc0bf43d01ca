"""`isolation = "process"`, for machines that can't isolate: functions run beside the platform, and end with it."""

import json
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
