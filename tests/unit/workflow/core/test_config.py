"""`$config`: what a flow reads of the configuration, and when."""

import pytest

from liuyun.workflow.core.activations import Start, TimerFired
from liuyun.workflow.core.effects import InvokeFunction, PublishMessage, SendMessage
from tests.unit.workflow.core.play import Play, play
from tests.unit.workflow.definition.texts import flow_of

METHODS = {"weixin": {"discount": 50, "function": "acs:fc:::services/order/functions/weixin", "delay": 5}}
PAYMENT = {"payment": METHODS}
ROUTED = "type: task, name: pay, resourceArn: '$config.payment[$.method].function'"
CAUGHT = "catch: [{errors: [FnF.InvalidTarget], goto: refused}]"
REFUSED = "- {type: pass, name: refused, outputMappings: [{target: refused, source: true}]}"


def test_mappings_read_what_is_configured_at_that_moment():
    """Into a step, and out of it; what isn't configured leaves its key out."""
    ran = play(
        """
        - type: pass
          name: look
          inputMappings:
            - {target: discount, source: '$config.payment[$input.method].discount'}
            - {target: none, source: $config.payment.points}
          outputMappings:
            - {target: discount, source: $input.discount}
            - {target: all, source: '$config["payment"]["weixin"]'}
            - {target: none, source: $input.none}
        """,
        {"method": "weixin"},
        settings=PAYMENT,
    )
    assert ran.run.output == {"discount": 50, "all": METHODS["weixin"]}


def test_a_part_in_brackets_may_come_from_local_data():
    """Where the path stands beside local data."""
    steps = (
        "- {type: pass, name: a, outputMappings: [{target: m, source: weixin}]}\n"
        "- {type: pass, name: b, inputMappings: [{target: d, source: '$config.payment[$local.m].discount'}],"
        " outputMappings: [{target: d, source: $input.d}]}"
    )
    assert play(steps, settings=PAYMENT).run.output == {"m": "weixin", "d": 50}


@pytest.mark.parametrize(("method", "taken"), [("weixin", ["half"]), ("points", [])])
def test_choices_route_by_configuration(method: str, taken: list[str]):
    """A condition sees the step's input and the configuration."""
    steps = (
        "- {type: choice, name: pick, choices: [{condition: '$config.payment[$.method].discount == 50',"
        " steps: [{type: pass, name: half}]}]}"
    )
    assert play(steps, {"method": method}, settings=PAYMENT).steps()[1:] == taken


def test_waits_and_messages_take_values_from_configuration():
    """Durations, and parameters anywhere inside of them."""
    ran = play(
        """
        - {type: wait, name: rest, duration: $config.payment.weixin.delay}
        - type: task
          name: tell
          resourceArn: acs:mns:::/queues/q/messages
          serviceParams:
            MessageBody: {off: $config.payment.weixin.discount}
            DelaySeconds: $config.payment.weixin.delay
        """,
        settings=PAYMENT,
    )
    assert ran.timers[0].at == ran.now + 5000
    ran.ring()
    assert isinstance(ran.call, SendMessage)
    assert (ran.call.body, ran.call.delay_s) == ('{"off":50}', 5)


def test_a_foreach_goes_on_over_the_list_that_it_began_with():
    """Also when the configuration is changed between two iterations."""
    steps = (
        "- {type: foreach, name: each, iterationMapping: {collection: $config.lists.all, item: i},"
        " steps: [{type: wait, name: w, duration: 5}], outputMappings: [{target: n, source: '$local[*]'}]}"
    )
    ran = play(steps, settings={"lists": {"all": ["a", "b"]}})
    ran.settings.clear()
    for timer in ran.timers:
        ran.happen(TimerFired(timer.event_id))
    assert ran.run.output == {"n": [{}, {}]}
    assert ran.detail("StepStarted", "each")["collection"] == ["a", "b"]


@pytest.mark.parametrize(
    ("header", "discount"),
    [("", 50), ("configTenant: $.merchant\n", 30), ("configTenant: books\n", 40), ("configTenant: $.absent\n", 50)],
)
def test_a_tenant_reads_its_own_configuration(header: str, discount: int):
    """Named by the flow, or by the execution's input; without one it is the account's."""
    steps = "- {type: pass, name: a, outputMappings: [{target: d, source: $config.payment.weixin.discount}]}"
    ran = Play(flow_of(steps, header))
    for tenant, value in (("", 50), ("market", 30), ("books", 40)):
        ran.settings[tenant, "payment", "weixin"] = {"discount": value}
    ran.happen(Start({"merchant": "market"}))
    assert ran.run.output == {"d": discount}


def test_a_route_is_data():
    """The task calls what the configuration names, and the history says what that was."""
    ran = play(f"- {{{ROUTED}}}", {"method": "weixin"}, settings=PAYMENT)
    assert isinstance(ran.call, InvokeFunction)
    assert (ran.call.service, ran.call.function) == ("order", "weixin")
    assert ran.detail("TaskScheduled")["resourceArn"] == METHODS["weixin"]["function"]
    ran.returned({"paid": True})
    assert ran.run.output == {"paid": True}


def test_all_attempts_of_a_step_go_the_same_way():
    """A route that is changed meanwhile is for those who come later."""
    ran = play(f"- {{{ROUTED}, retry: [{{errors: [E]}}]}}", {"method": "weixin"}, settings=PAYMENT)
    ran.settings.clear()
    ran.failed("E")
    ran.ring()
    assert [call.function for call in ran.calls] == ["weixin", "weixin"]  # type: ignore[union-attr]


def test_a_route_may_lead_to_a_topic():
    """If the step has what is to be published."""
    settings = {"payment": {"weixin": {"function": "acs:mns:::/topics/t/messages"}}}
    ran = play(f"- {{{ROUTED}, serviceParams: {{MessageBody: hello}}}}", {"method": "weixin"}, settings=settings)
    assert isinstance(ran.call, PublishMessage)
    assert (ran.call.topic, ran.call.body) == ("t", "hello")


@pytest.mark.parametrize(
    ("value", "params", "cause"),
    [
        (None, "", "must lead to an ARN, but the configuration has null"),
        (5, "", "must lead to an ARN, but the configuration has 5"),
        ("weixin", "", "resourceArn weixin is none of the forms"),
        ("acs:mns:::/topics/t/messages", "", "needs serviceParams with MessageBody"),
        ("acs:fc:::functions/f", ", serviceParams: {MessageBody: hello}", "a function, which takes no serviceParams"),
    ],
)
def test_a_bad_route_fails_its_step(value: object, params: str, cause: str):
    """Before anything is asked; the flow may catch it."""
    settings = {"payment": {"weixin": {"function": value}}}
    ran = play(f"- {{{ROUTED}, {CAUGHT}{params}}}\n{REFUSED}", {"method": "weixin"}, settings=settings)
    assert ran.run.output == {"refused": True}
    assert cause in ran.detail("StepFailed")["cause"]
    assert not ran.calls


def test_a_route_that_nobody_configured_fails_its_step():
    """Uncaught, it ends the execution."""
    ran = play(f"- {{{ROUTED}}}", {"method": "points"}, settings=PAYMENT)
    assert (ran.run.error, "the configuration has nothing" in ran.run.cause) == ("FnF.InvalidTarget", True)


def test_a_renewed_input_has_a_new_token_and_nothing_else_new():
    """What was configured when the step began holds for all of its attempts."""
    mappings = "[{target: token, source: $context.task.token}, {target: d, source: $config.payment.weixin.discount}]"
    task = f"{ROUTED}, pattern: waitForCallback, inputMappings: {mappings}, retry: [{{errors: [E]}}]"
    task = task.replace("$config.payment[$.method].function", "$config.payment.weixin.function")
    ran = play(f"- {{{task}}}", settings=PAYMENT)
    ran.settings.clear()
    ran.report_failed("E")
    ran.ring()
    assert ran.detail("TaskScheduled")["input"] == {"token": "token-8", "d": 50}
