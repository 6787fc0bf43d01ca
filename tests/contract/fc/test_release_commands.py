"""Gray release by the command line."""

import os
import subprocess
import sys

from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed

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
