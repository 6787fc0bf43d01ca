"""A s.yaml, read: what it asks for, and where it is wrong."""

from collections.abc import Mapping
from textwrap import dedent

import pytest

from liuyun.cli.deploy.actual import path_of, query_of
from liuyun.cli.deploy.resources import Kind
from liuyun.cli.deploy.serverless import is_serverless, read_serverless
from liuyun.cli.deploy.template import InvalidTemplate, Template
from tests.unit.cli.deploy.templates import PLACE, Folder, find

FUNCTION = """
edition: 3.0.0
name: shop
access: default
vars:
  region: cn-hangzhou
  web: {authType: anonymous, methods: [GET]}
resources:
  orders:
    component: fc3
    props:
      region: ${vars.region}
      functionName: orders-${env('STAGE', 'dev')}
      runtime: python3.10
      code: ./src
      cpu: 0.5
      memorySize: 512
      environmentVariables: {DB: "${env('DB')}", SAME: "${resources.orders.props.runtime}"}
      logConfig: auto
      triggers:
        - triggerName: web
          triggerType: http
          triggerConfig: ${vars.web}
      asyncInvokeConfig: {maxAsyncRetryAttempts: 2, qualifier: prod}
      concurrencyConfig: {reservedConcurrency: 5}
"""
OLDER = """
edition: 1.0.0
name: shop
services:
  orders:
    component: devsapp/fc@0.1.0
    props:
      region: cn-hangzhou
      service: {name: shop, role: "acs:ram::1:role/x"}
      function: {name: orders, runtime: python3, codeUri: ./src, memorySize: 256}
      triggers:
        - {name: web, type: http, config: {authType: ANONYMOUS, methods: [GET]}}
        - {name: news, type: mns_topic, config: {topicName: news}}
      customDomains:
        - domainName: shop.example.com
          protocol: HTTP
          routeConfigs: [{path: /*}]
"""


def read(text: str, env: Mapping[str, str] | None = None) -> Template:
    return read_serverless(dedent(text).lstrip(), "s.yaml", PLACE, env or {"DB": "mysql"}, files=Folder({"./src": ""}))


def problems(text: str, env: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(InvalidTemplate) as caught:
        read(text, env)
    return [str(problem) for problem in caught.value.problems]


def test_a_function_without_a_service_is_asked_for():
    """With what its expressions stand for, and the component's defaults."""
    found = find(read(FUNCTION, {"DB": "mysql", "STAGE": "live"}), Kind.FUNCTION, "orders-live")
    assert found.code == "./src"
    assert found.wanted["environmentVariables"] == {"DB": "mysql", "SAME": "python3.10"}
    assert (found.wanted["cpu"], found.wanted["timeout"], found.wanted["handler"]) == (0.5, 3, "index.handler")
    assert "logConfig" not in found.wanted
    assert path_of(found) == "/2023-03-30/functions/orders-live"


def test_what_belongs_to_it_has_its_place():
    """Triggers and settings, each by the path of its API."""
    found = read(FUNCTION)
    trigger = find(found, Kind.TRIGGER, "orders-dev/web")
    assert trigger.wanted["triggerConfig"] == {"authType": "anonymous", "methods": ["GET"]}
    assert path_of(trigger) == "/2023-03-30/functions/orders-dev/triggers/web"
    setting = find(found, Kind.SETTING, "orders-dev/async-invoke-config/prod")
    assert setting.wanted == {"maxAsyncRetryAttempts": 2}
    assert (path_of(setting), query_of(setting)) == (
        "/2023-03-30/functions/orders-dev/async-invoke-config",
        {"qualifier": "prod"},
    )
    reserved = find(found, Kind.SETTING, "orders-dev/concurrency")
    assert (path_of(reserved), query_of(reserved)) == ("/2023-03-30/functions/orders-dev/concurrency", {})


def test_the_older_component_has_services():
    """As a template has them."""
    found = read(OLDER)
    assert find(found, Kind.SERVICE, "shop").wanted["role"] == "acs:ram::1:role/x"
    assert find(found, Kind.FUNCTION, "shop/orders").wanted["memorySize"] == 256
    assert find(found, Kind.TRIGGER, "shop/orders/web").wanted["triggerConfig"]["authType"] == "anonymous"
    news = find(found, Kind.TRIGGER, "shop/orders/news").wanted
    assert news["sourceArn"] == "acs:mns:cn-hangzhou:123456:/topics/news"
    domain = find(found, Kind.DOMAIN, "shop.example.com")
    assert domain.wanted["routeConfig"]["routes"] == [
        {"serviceName": "shop", "functionName": "orders", "path": "/*"},
    ]
    assert path_of(domain) == "/custom-domains/shop.example.com"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("${env('DB')}", "${env('NONE')}", "s.yaml:17:34: The environment has no variable NONE"),
        ("${vars.web}", "${vars.wed}", "s.yaml:22:26: ${vars.wed} leads nowhere: there is no 'wed'; there are region"),
        ("${vars.web}", "${what}", "s.yaml:22:26: ${what} is not understood here"),
        ("orders-${env('STAGE', 'dev')}", "${resources.orders.props.functionName}", "to itself"),
        ("runtime: python3.10", "runtimes: python3.10", "s.yaml:13:7: There is no property 'runtimes' here"),
        ("code: ./src", "code: ./none", "s.yaml:14:13: The code is said to be in ./none, which is not there."),
        ("code: ./src", "code: {ossBucketName: b}", "code in a bucket is not supported here yet"),
        ("cpu: 0.5", "cpu: much", "s.yaml:15:12: cpu must be a number."),
        ("component: fc3", "component: vm", "s.yaml:9:16: The component vm is not supported here"),
        ("region: ${vars.region}", "region: eu-west-1", "s.yaml:11:15: The region is eu-west-1"),
        ("name: shop", "nom: shop", "s.yaml:2:1: 'nom' can't stand here"),
        ("triggerType: http", "triggerType: smoke", "triggerType must be one of"),
    ],
)
def test_a_problem_is_told_with_its_place(old: str, new: str, told: str):
    """File, line and column of what is wrong."""
    assert old in FUNCTION
    assert any(told in problem for problem in problems(FUNCTION.replace(old, new)))


def test_the_form_of_a_file_is_seen():
    """A template is not taken for a s.yaml, nor the other way round."""
    assert is_serverless(FUNCTION)
    assert is_serverless(OLDER)
    assert not is_serverless("ROSTemplateFormatVersion: '2015-09-01'\nResources: {}\n")
