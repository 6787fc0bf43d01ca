"""The vendor's own tool `s` with its component fc3, as its users run it. Acceptance case 30 of fc contract 8.

`make test-serverless-devs` runs this. `make test` doesn't find it, since the component isn't on npm as `s` is: `s`
fetches it from a registry of its makers. Where that can't be reached, FC3_COMPONENTS names a folder with built copies,
`fc3` and `fc3-domain`, which `s` takes where they lie in the folder that it runs in.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from liuyun.testing.platform import Running, running_platform
from tests.contract.node import NODE, node_modules

TOOL = "@serverless-devs/s@3.1.10"
COMPONENTS = ("fc3", "fc3-domain")  # the first loads the second
NOWHERE = "http://127.0.0.1:1"  # an upload to it fails
FILE = """
edition: 3.0.0
name: example
access: default
resources:
  {name}:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: {name}
      runtime: python3.10
      handler: index.handler
      timeout: {timeout}
      memorySize: 128
      code: ./code
      concurrencyConfig: {{reservedConcurrency: 5}}
      asyncInvokeConfig: {{qualifier: LATEST, maxAsyncRetryAttempts: 1}}
      triggers:
        - triggerName: web
          triggerType: http
          triggerConfig: {{authType: anonymous, methods: [GET]}}
        - triggerName: hourly
          triggerType: timer
          triggerConfig: {{cronExpression: '@every 60m', enable: true, payload: hello}}
"""
pytestmark = pytest.mark.timeout(900)  # each command may take two minutes
CODE = "def handler(event, context):\n    return event[::-1]\n"


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with a s.yaml, in which `s` is run."""

    folder: Path
    env: dict[str, str]

    def describe(self, name: str, *, timeout: int = 10, code: str = CODE) -> None:
        (self.folder / "code").mkdir(exist_ok=True)
        (self.folder / "code/index.py").write_text(code)
        (self.folder / "s.yaml").write_text(FILE.format(name=name, timeout=timeout))

    def call(self, *arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
        """Nobody is there to answer what it asks."""
        tool = self.folder.parent / "tool"
        return subprocess.run(
            [str(NODE), str(tool), *arguments],
            cwd=self.folder,
            env={**self.env, **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def s(self, *arguments: str, **env: str) -> str:
        """What it prints; it must have succeeded."""
        done = self.call(*arguments, **env)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def told(self, *arguments: str) -> Any:
        return json.loads(self.s(*arguments, "--silent", "--output-format", "json"))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_platform(tmp_path_factory.mktemp("platform"), standard_layer=False) as platform:
        yield platform


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, running: Running) -> Project:
    """Where `s` knows its components and the account; its home is a folder of this test's."""
    home = tmp_path_factory.mktemp("serverless-devs")
    (home / "tool").symlink_to(node_modules(TOOL) / "@serverless-devs/s/bin/s")
    env = {
        **os.environ,
        "serverless_devs_config_home": str(home),
        "FC_CLIENT_CUSTOM_ENDPOINT": running.endpoint,
        "FC_CODE_TEMP_OSS_ENDPOINT": running.endpoint,
    }
    found = Project(home / "first", env)
    found.folder.mkdir()
    found.s("set", "analysis", "disable")  # it would report each command to its makers, and each error
    take_components(found)
    keys = "--AccountID", running.account_id, "--AccessKeyID", running.access_key_id
    found.s("config", "add", *keys, "--AccessKeySecret", running.access_key_secret, "--access", "default", "--force")
    return found


def take_components(project: Project) -> None:
    """Ends the tests where they can't be had: then nothing here can be tried, and that must not look like success."""
    copies = os.environ.get("FC3_COMPONENTS")
    for name in COMPONENTS:
        if copies:
            (project.folder / name).symlink_to(Path(copies).resolve() / name)
            if not (project.folder / name / "dist/index.js").is_file():
                pytest.exit(f"FC3_COMPONENTS: {copies}/{name}/dist/index.js isn't there", returncode=1)
        elif (loaded := project.call("cli", name, "--help")).returncode:
            why = next((line.rpartition("rror: ")[2] for line in loaded.stdout.splitlines() if "rror: " in line), "")
            pytest.exit(
                f"s can't load its component {name} ({why}); name a folder with built copies of fc3 and fc3-domain: "
                "make test-serverless-devs FC3_COMPONENTS=/folder",
                returncode=1,
            )


@pytest.fixture
def project(workshop: Project, request: pytest.FixtureRequest) -> Project:
    """One of each test's own, with the same components."""
    folder = workshop.folder.parent / request.node.name
    folder.mkdir()
    for name in COMPONENTS:
        if (workshop.folder / name).is_symlink():
            (folder / name).symlink_to(workshop.folder / name)
    return Project(folder, workshop.env)


def test_case_30_the_second_deployment_sends_no_code(project: Project):
    """The first creates the function. The second finds its CRC-64, asks nothing, and is well where no code could go."""
    project.describe("twice")
    first = project.told("deploy", "--assume-yes")
    assert (first["functionName"], first["timeout"]) == ("twice", 10)
    checksum = project.told("info")["codeChecksum"]
    second = project.s("deploy", "--debug", FC_CODE_TEMP_OSS_ENDPOINT=NOWHERE)
    assert f"skip uploadCode because code is no changed, codeChecksum={checksum}" in second
    assert "was changed" not in second


def test_other_code_is_sent(project: Project):
    """And is what answers then; where it can't go, the deployment fails."""
    project.describe("changing")
    project.s("deploy", "--assume-yes")
    project.describe("changing", code=CODE.replace("event[::-1]", "b'other'"))
    assert project.call("deploy", "--assume-yes", FC_CODE_TEMP_OSS_ENDPOINT=NOWHERE).returncode
    project.s("deploy", "--assume-yes")
    assert project.told("invoke", "--event", "hello")["body"] == "other"


def test_a_plan_shows_what_differs(project: Project):
    """Nothing of what is there already; then the one line that was changed."""
    project.describe("planned")
    project.s("deploy", "--assume-yes")
    assert differing(project.s("plan")) == []
    project.describe("planned", timeout=20)
    assert differing(project.s("plan")) == ["~ timeout: 10 => 20"]


def differing(plan: str) -> list[str]:
    """Members that would come, go or change have a sign before their name; the items of lists have no name."""
    return [line.strip() for line in plan.splitlines() if line.strip().startswith(("+ ", "- ", "~ ")) and ": " in line]


def test_a_function_is_seen_called_and_removed(project: Project):
    """By its name, by its trigger's address, and then not at all."""
    project.describe("called")
    project.s("deploy", "--assume-yes")
    seen = project.told("info")
    assert {trigger["triggerName"] for trigger in seen["triggers"]} == {"web", "hourly"}
    assert seen["concurrencyConfig"]["reservedConcurrency"] == 5
    assert project.told("invoke", "--event", "hello")["body"] == "olleh"
    assert requests.get(seen["url"]["system_url"], timeout=30).status_code == 200
    project.s("remove", "--assume-yes")
    gone = project.call("info")
    assert gone.returncode
    assert "FunctionNotFound" in gone.stdout
