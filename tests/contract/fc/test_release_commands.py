"""Gray release by the command line, and calls of functions without a service."""

import os
import subprocess
import sys

from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed, zip_text
from tests.contract.fc.tea import fc3_client, fc3_models

CODE = "def handler(event, context):\n    return context.service.version_id\n"


def liuyun(running: Running, *arguments: str) -> list[list[str]]:
    """What a command prints: the words of each line."""
    keys = {
        "LIUYUN_ENDPOINT": running.endpoint,
        "LIUYUN_ACCOUNT_ID": running.account_id,
        "LIUYUN_ACCESS_KEY_ID": running.access_key_id,
        "LIUYUN_ACCESS_KEY_SECRET": running.access_key_secret,
    }
    command = [sys.executable, "-m", "liuyun", *arguments]
    done = subprocess.run(command, env={**os.environ, **keys}, capture_output=True, check=False, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return [line.split() for line in done.stdout.splitlines()]


def test_a_gray_release_by_hand(service: Deployed, running: Running):
    """Publish, send a share to the new version, take it back with one command."""
    client, name = service.client, service.service
    service.function("f", CODE)
    client.publish_version(name)
    client.update_function(name, "f", description="new")
    assert liuyun(running, "version", "publish", name, "--description", "second") == [["2"]]
    assert [words[0] for words in liuyun(running, "version", "list", name)] == ["2", "1"]
    liuyun(running, "alias", "set", name, "prod", "1", "--also", "2=0.5")
    assert liuyun(running, "alias", "list", name) == [["prod", "1", "2:", "0.5"]]
    assert {client.invoke_function(name, "f", qualifier="prod").data for _ in range(10)} == {b"1", b"2"}
    liuyun(running, "alias", "rollback", name, "prod")
    assert {client.invoke_function(name, "f", qualifier="prod").data for _ in range(10)} == {b"1"}


def test_a_function_without_a_service_is_called_and_read(running: Running):
    """By its name alone, a version of it too; so are its log lines."""
    client = fc3_client(running)
    code = "def handler(event, context):\n    print('saw', event.decode())\n    return context.function.version_id\n"
    body = fc3_models.CreateFunctionInput(
        function_name="alone",
        runtime="python3.12",
        handler="index.handler",
        code=fc3_models.InputCodeLocation(zip_file=zip_text({"index.py": code})),
    )
    client.create_function(fc3_models.CreateFunctionRequest(body=body))
    client.publish_function_version("alone", fc3_models.PublishFunctionVersionRequest())
    assert liuyun(running, "invoke", "alone.1", "--event", "tea") == [["1"]]
    assert liuyun(running, "logs", "alone", "--contains", "saw")[0][-2:] == ["saw", "tea"]
    client.delete_function("alone")
