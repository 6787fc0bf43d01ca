"""The command, against a running platform."""

import json
from pathlib import Path

from tests.e2e.application import ROOT, Application


def token(application: Application) -> str:
    return (application.data / "orders/token").read_text()


def test_demo_completes(application: Application) -> None:
    """The demo shows each step, and its exit code says how the order ended."""
    shown = application.liuyun("demo", "order", "--merchant", "market", "--pay", "zhifubao")
    assert shown.returncode == 0, shown.stderr
    assert "¥80.00 instead of ¥100.00, paid by zhifubao" in shown.stdout
    for step in ("generateInfo", "payment", "paymentCombination", "zhifubao", "orderCompleted"):
        assert step in shown.stderr


def test_demo_of_an_unknown_method(application: Application) -> None:
    """A method that nothing matches ends in orderCanceled, visibly."""
    shown = application.liuyun("demo", "order", "--merchant", "market", "--pay", "shells")
    assert shown.returncode == 1
    assert "orderCanceled" in shown.stderr
    assert "NoRouteForPaymentMethod" in shown.stdout


def test_second_deployment_changes_nothing(application: Application) -> None:
    """What is deployed already is recognised, code and flow included."""
    parameter = f"OrderServiceToken={token(application)}"
    shown = application.liuyun("deploy", str(ROOT / "examples/order/template.yml"), "--parameter", parameter)
    assert shown.returncode == 0, shown.stderr
    assert "Nothing to change." in shown.stdout


def test_dry_run_names_what_would_change(application: Application) -> None:
    """A changed parameter shows up as the flow and the functions that it changes, without its value."""
    options = ["--parameter", "OrderServiceToken=another-token-of-tests", "--parameter", "PaymentTimeoutSeconds=60"]
    shown = application.liuyun("deploy", str(ROOT / "examples/order/template.yml"), "--dry-run", *options)
    assert "~ flow order: Definition" in shown.stdout
    assert "~ function order/weixin: environmentVariables (ORDER_SERVICE_TOKEN)" in shown.stdout
    assert "another-token" not in shown.stdout


def test_invoke(application: Application) -> None:
    """A function can be called by hand; its failure is the command's."""
    event = json.dumps({"order": "nothing", "price": 100})
    shown = application.liuyun("invoke", "order/weixin", "--event", event)
    assert shown.returncode == 1
    assert "PaymentRefused" in shown.stdout


def test_logs(application: Application) -> None:
    """What an invocation left behind can be read by its request id."""
    shown = application.liuyun("invoke", "order/weixin", "--event", "{}", "--output", "json")
    request_id = json.loads(shown.stdout)["requestId"]
    logs = application.liuyun("logs", "order/weixin", "--request-id", request_id)
    assert logs.returncode == 0, logs.stderr
    assert "KeyError" in logs.stdout


def test_flow_commands(application: Application) -> None:
    """An execution can be started, described, stopped and found again."""
    wanted = json.dumps({"merchant": "market", "products": [{"name": "a", "price": 1}], "address": "x"})
    assert application.liuyun("flow", "start", "order", "--name", "by-hand", "--input", wanted).stdout == "by-hand\n"
    assert application.liuyun("flow", "stop", "order", "by-hand", "--error", "Enough").returncode == 0
    described = application.liuyun("flow", "describe", "order", "by-hand", "--output", "json")
    assert json.loads(described.stdout)["Status"] == "Stopped"
    assert "by-hand" in application.liuyun("flow", "list", "order", "--status", "Stopped").stdout
    assert "ExecutionStopped" in application.liuyun("flow", "history", "order", "by-hand").stdout
    assert application.liuyun("flow", "watch", "order", "by-hand").returncode == 1


def test_queues_and_topics(application: Application, tmp_path: Path) -> None:
    """A queue from a template can be filled and emptied by hand."""

    template = tmp_path / "template.yml"
    template.write_text("ROSTemplateFormatVersion: '2015-09-01'\nResources: {by-hand: {Type: 'Aliyun::MNS::Queue'}}\n")
    assert "+ queue by-hand" in application.liuyun("deploy", str(template)).stdout
    assert application.liuyun("queue", "send", "by-hand", "<hello> & [b]").returncode == 0
    assert application.liuyun("queue", "receive", "by-hand").stdout == "<hello> & [b]\n"
    assert application.liuyun("queue", "receive", "by-hand").returncode == 1
    assert "by-hand" in application.liuyun("queue", "list", "--prefix", "by-").stdout
    assert "order-payment" in application.liuyun("topic", "list").stdout


def test_configuration(application: Application, tmp_path: Path) -> None:
    """A schema, an entry, another value for one tenant, back again, out as a file and in."""
    (tmp_path / "schema.yml").write_text("{type: object, properties: {rate: {type: number, maximum: 1}}}")
    assert application.liuyun("config", "schema", "fee", str(tmp_path / "schema.yml")).returncode == 0
    assert application.liuyun("config", "set", "fee", "card", '{"rate": 0.1}').returncode == 0
    assert "/rate: 7 is greater" in application.liuyun("config", "set", "fee", "card", '{"rate": 7}').stderr
    application.liuyun("config", "set", "fee", "card", '{"rate": 0.2}', "--scope", "tenant/shop", "--reason", "trial")
    assert "tenant/shop" in application.liuyun("config", "list", "fee", "--scope", "tenant/shop").stdout
    exported = application.liuyun("config", "export").stdout
    application.liuyun("config", "set", "fee", "card", '{"rate": 0.3}')
    assert application.liuyun("config", "rollback", "fee", "card").returncode == 0
    assert json.loads(application.liuyun("config", "get", "fee", "card").stdout) == {"rate": 0.1}
    application.liuyun("config", "remove", "fee", "card", "--scope", "tenant/shop")
    (tmp_path / "all.yml").write_text(exported)
    assert "fee/card at tenant/shop" in application.liuyun("config", "import", str(tmp_path / "all.yml")).stderr
    assert "trial" in application.liuyun("config", "history", "fee", "card", "--scope", "tenant/shop").stdout
    assert "fee" in application.liuyun("config", "schemas").stdout


def test_second_platform_is_refused(application: Application) -> None:
    """One data folder belongs to one platform."""
    shown = application.liuyun("serve", "--port", "0")
    assert shown.returncode == 1
    assert "is running on the data" in shown.stderr


def test_faults_are_sentences(application: Application) -> None:
    """No traceback, whatever is asked for."""
    for arguments in (
        ("invoke", "order/nothing"),
        ("flow", "describe", "nothing"),
        ("queue", "receive", "nothing"),
        ("deploy", "nothing.yml"),
        ("flow", "start", "order", "--input", "[]"),
    ):
        shown = application.liuyun(*arguments)
        assert shown.returncode in {1, 2}
        assert shown.stderr.startswith("error: "), shown.stderr
        assert "Traceback" not in shown.stderr


def test_the_playground_is_deployed_beside_the_order_application(application: Application) -> None:
    """As its file says, so that there is nothing left to change."""
    shown = application.liuyun("deploy", str(ROOT / "examples/playground/s.yaml"), "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert "Nothing to change." in shown.stdout
