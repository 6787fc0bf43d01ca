"""`liuyun deploy s.yaml`: functions of both kinds, made once and then left as they are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from liuyun.cli.client import Client
from liuyun.cli.client.transport import Connection
from liuyun.cli.deploy.command import carry_out, prepare
from liuyun.cli.deploy.plan import Action
from liuyun.testing.platform import Running
from tests.contract.fc.clients import python
from tests.contract.fc.tea import fc3_client, fc3_models

CODE = "def handler(event, context):\n    return b'from s.yaml'\n"
NEWER = """
edition: 3.0.0
name: shop
resources:
  orders:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: from-file
      runtime: python3.10
      code: ./code
      layers: []
      timeout: ${env('SECONDS', 5)}
      environmentVariables: {WORD: hello}
      instanceLifecycleConfig: {preStop: {handler: index.stop, timeout: 3}}
      triggers:
        - triggerName: web
          triggerType: http
          triggerConfig: {authType: anonymous, methods: [GET]}
      asyncInvokeConfig: {maxAsyncRetryAttempts: 1}
      provisionConfig: {defaultTarget: 0}
      concurrencyConfig: {reservedConcurrency: 2}
"""
OLDER = """
edition: 1.0.0
name: shop
services:
  orders:
    component: fc
    props:
      region: cn-hangzhou
      service: {name: from-file}
      function: {name: f, runtime: python3.10, codeUri: ./code, asyncConfiguration: {maxAsyncRetryAttempts: 1}}
      triggers:
        - {name: web, type: http, config: {authType: anonymous, methods: [GET]}}
"""


@pytest.fixture
def cli(running: Running) -> Iterator[Client]:
    keys = (running.access_key_id, running.access_key_secret)
    client = Client(Connection(running.endpoint, running.account_id, *keys))
    yield client
    client.functions._transport._http.close()  # a command's process ends instead


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "code").mkdir()
    (tmp_path / "code/index.py").write_text(CODE)
    return tmp_path


def deploy(cli: Client, file: Path) -> list[str]:
    """What was done to each resource."""
    prepared = prepare(cli, file, {})
    carry_out(cli, prepared)
    return [f"{step.action} {step.resource.kind}" for step in prepared.steps]


def test_functions_without_services_are_deployed(cli: Client, folder: Path, running: Running):
    """All of a file is made; a second run changes nothing; a third only what the file changed."""
    file = folder / "s.yaml"
    file.write_text(NEWER)
    kinds = ["function", "trigger", "setting", "setting", "setting"]
    assert deploy(cli, file) == [f"create {kind}" for kind in kinds]
    client = fc3_client(running)
    answer = client.invoke_function("from-file", fc3_models.InvokeFunctionRequest())
    assert answer.body.read() == b"from s.yaml"
    url = client.get_trigger("from-file", "web").body.http_trigger.url_internet
    assert requests.get(url, timeout=30).status_code == 200
    assert client.get_concurrency_config("from-file").body.reserved_concurrency == 2
    assert {step.action for step in prepare(cli, file, {}).steps} == {Action.UNCHANGED}
    file.write_text(NEWER.replace("hello", "goodbye").replace("Concurrency: 2", "Concurrency: 3"))
    changed = [f"{step.action} {step.resource.name}" for step in prepare(cli, file, {}).changing]
    assert changed == ["update from-file", "update from-file/concurrency"]
    deploy(cli, file)
    assert client.get_concurrency_config("from-file").body.reserved_concurrency == 3


def test_the_older_component_is_deployed(cli: Client, folder: Path, running: Running):
    """A service with its function, as from a template."""
    file = folder / "s.yaml"
    file.write_text(OLDER)
    assert deploy(cli, file) == ["create service", "create function", "create trigger", "create setting"]
    assert python(running).get_function("from-file", "f").data["memorySize"] == 128
    assert {step.action for step in prepare(cli, file, {}).steps} == {Action.UNCHANGED}


DOMAIN = """
edition: 3.0.0
name: shop
resources:
  shop:
    component: fc3-domain
    props:
      region: cn-hangzhou
      domainName: from-file.example.com
      protocol: HTTP
      routeConfig: {routes: [{path: /*, functionName: from-file, qualifier: LATEST}]}
"""


def test_a_domain_leads_to_a_function(cli: Client, folder: Path, running: Running):
    """Of the function without a service."""
    (folder / "s.yaml").write_text(NEWER)
    deploy(cli, folder / "s.yaml")
    (folder / "domain.yaml").write_text(DOMAIN)
    assert deploy(cli, folder / "domain.yaml") in (["create domain"], ["unchanged domain"])
    answer = requests.get(f"{running.endpoint}/x", headers={"Host": "from-file.example.com"}, timeout=30)
    assert answer.text == "from s.yaml"
    assert {step.action for step in prepare(cli, folder / "domain.yaml", {}).steps} == {Action.UNCHANGED}
