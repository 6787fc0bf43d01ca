"""The examples in each language: deployed by their templates, called as their README says."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from liuyun.testing.platform import Running, running_platform

LANGUAGES = Path(__file__).parents[2] / "examples/languages"
# `make test-languages` names those whose toolchains it has installed.
NAMES = os.environ.get("LANGUAGES", "python nodejs bash cpp").split()
pytestmark = pytest.mark.timeout(900)  # the toolchains fetch what they need, and take their time


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_platform(tmp_path_factory.mktemp("platform"), standard_layer=False) as platform:
        yield platform


def liuyun(running: Running, *arguments: str) -> str:
    """What the command prints, as somebody in another shell would call it."""
    keys = {
        "LIUYUN_ENDPOINT": running.endpoint,
        "LIUYUN_ACCOUNT_ID": running.account_id,
        "LIUYUN_ACCESS_KEY_ID": running.access_key_id,
        "LIUYUN_ACCESS_KEY_SECRET": running.access_key_secret,
    }
    command = [sys.executable, "-m", "liuyun", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **keys})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(folder: Path) -> None:
    """What has to be compiled says itself what that needs."""
    if (folder / "build.sh").is_file():
        done = subprocess.run(["sh", "build.sh"], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_deployed_and_called(running: Running, name: str):
    """Its event function, its web application, and what it says to a request that it can't serve."""
    build(LANGUAGES / name)
    liuyun(running, "deploy", str(LANGUAGES / name / "template.yml"), "--yes")
    event = json.dumps({"name": "Li", "language": "zh"})
    assert json.loads(liuyun(running, "invoke", f"{name}-example/greet", "--event", event)) == {"greeting": "你好, Li!"}
    url = f"{running.endpoint}/2016-08-15/proxy/{name}-example/web/"
    answer = requests.get(url, params={"name": "Li", "language": "fr"}, timeout=20)
    assert (answer.status_code, answer.text) == (200, "Bonjour, Li!\n")
    assert requests.get(url, params={"language": "xx"}, timeout=20).status_code == 404
