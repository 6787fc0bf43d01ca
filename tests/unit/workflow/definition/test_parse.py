import pytest

from liuyun.workflow.definition import parse
from liuyun.workflow.definition.conditions import Infix
from liuyun.workflow.definition.paths import Path, Root
from liuyun.workflow.definition.steps import (
    Catch,
    Choice,
    Composed,
    Constant,
    Duration,
    Fail,
    Foreach,
    Instant,
    Mapping,
    Parallel,
    Pass,
    Pattern,
    Retry,
    Succeed,
    Task,
    Wait,
)
from liuyun.workflow.definition.targets import FunctionTarget, TopicTarget
from tests.unit.workflow.definition.texts import FUNCTION, flow_of, flow_text, step_of


def test_v1_and_v1beta1_mean_the_same():
    """The version is a synonym, not a dialect."""
    text = flow_text("- {type: pass, name: a}")
    assert parse(text) == parse(text.replace("v1", "v1beta1"))


def test_a_definition_may_be_json():
    """JSON and YAML of the same content give the same flow."""
    text = '{"version": "v1", "type": "flow", "steps": [{"type": "pass", "name": "a", "end": true}]}'
    assert parse(text) == flow_of("- {type: pass, name: a, end: true}")


def test_a_name_at_the_top_is_tolerated():
    """It appears in the vendor's examples and means nothing."""
    assert flow_of("- {type: pass, name: a}", "name: shop\n") == flow_of("- {type: pass, name: a}")


def test_the_header_is_read():
    """Mappings and timeout of the flow itself."""
    flow = flow_of(
        "- {type: pass, name: a}",
        "timeoutSeconds: 60\ninputMappings: [{target: x, source: $input.y}]\noutputMappings: []\n",
    )
    assert flow.timeout_s == 60
    assert flow.input_mappings == (Mapping("x", Path(Root.INPUT, ("y",))),)
    assert flow.output_mappings == ()


def test_constants_keep_their_types():
    """What isn't a path stands for itself."""
    values = [1, 1.5, True, None, "", "text", {}, [], {"a": ["$.x"]}]
    sources = "".join(
        f"\n    - {{target: t{i}, source: {text}}}"
        for i, text in enumerate(["1", "1.5", "true", "null", '""', "text", "{}", "[]", "{a: [$.x]}"])
    )
    step = step_of(f"- type: pass\n  name: a\n  inputMappings:{sources}")
    assert step.input_mappings == tuple(Mapping(f"t{i}", Constant(value)) for i, value in enumerate(values))


def test_absent_mappings_differ_from_empty_ones():
    """Without mappings everything is passed on, with an empty list nothing."""
    step = step_of("- {type: pass, name: a, inputMappings: []}")
    assert (step.input_mappings, step.output_mappings) == ((), None)


def test_a_task_with_everything():
    """All fields of a task reach the model."""
    step = step_of(f"""
        - type: task
          name: pay
          resourceArn: {FUNCTION}
          pattern: waitForCallback
          timeoutSeconds: 30
          errorMappings: [{{target: why, source: $local.error}}]
          retry:
            - {{errors: [FC.Unknown], intervalSeconds: 3, maxIntervalSeconds: 9, maxAttempts: 2, multiplier: 1.5}}
            - errors: [FnF.ALL]
          catch: [{{errors: [FnF.ALL], goto: pay}}]
          end: true
    """)
    assert step == Task(
        name="pay",
        resource_arn=FUNCTION,
        target=FunctionTarget("orders", "pay", ""),
        pattern=Pattern.WAIT_FOR_CALLBACK,
        timeout_s=30,
        error_mappings=(Mapping("why", Path(Root.LOCAL, ("error",))),),
        retry=(
            Retry(("FC.Unknown",), interval_s=3, max_interval_s=9, max_attempts=2, multiplier=1.5),
            Retry(("FnF.ALL",), interval_s=1, max_interval_s=86400, max_attempts=3, multiplier=2),
        ),
        catch=(Catch(("FnF.ALL",), "pay"),),
        end=True,
    )


def test_message_parameters_may_hold_paths_anywhere():
    """A value without paths is a constant as a whole."""
    step = step_of("""
        - type: task
          name: tell
          resourceArn: acs:mns:::/topics/paid/messages
          serviceParams:
            MessageBody: {order: $.id, list: [1, $input.x], fixed: {a: 1}}
            MessageTag: red
    """)
    assert isinstance(step, Task)
    assert step.target == TopicTarget("paid")
    assert step.params == {
        "MessageBody": Composed(
            {
                "order": Path(Root.INPUT, ("id",)),
                "list": Composed((Constant(1), Path(Root.INPUT, ("x",)))),
                "fixed": Constant({"a": 1}),
            }
        ),
        "MessageTag": Constant("red"),
    }


def test_message_parameters_may_come_from_the_input():
    """Their types are then checked when the step runs."""
    queue = step_of("""
        - type: task
          name: ship
          resourceArn: acs:mns:::/queues/to-ship/messages
          serviceParams: {MessageBody: $, Priority: $.priority, DelaySeconds: 5}
    """)
    topic = step_of("""
        - type: task
          name: tell
          resourceArn: acs:mns:::/topics/paid/messages
          serviceParams: {MessageBody: $, MessageTag: $.tag, MessageAttributes: $.attributes}
    """)
    assert isinstance(queue, Task)
    assert isinstance(topic, Task)
    assert queue.params["Priority"] == Path(Root.INPUT, ("priority",))
    assert topic.params["MessageAttributes"] == Path(Root.INPUT, ("attributes",))


@pytest.mark.parametrize(
    ("fields", "until"),
    [
        ("duration: 10", Duration(10)),
        ("duration: 0.5", Duration(0.5)),
        ("duration: $.pause", Duration(Path(Root.INPUT, ("pause",)))),
        ("timestamp: 1970-01-01T00:00:01Z", Instant(1000)),
        ("timestamp: $.at", Instant(Path(Root.INPUT, ("at",)))),
    ],
)
def test_waits(fields: str, until: Duration | Instant):
    """A duration or an instant, written or from the input."""
    assert step_of(f"- {{type: wait, name: w, {fields}}}") == Wait(name="w", until=until)


def test_succeed_and_fail():
    """Fail may say why."""
    flow = flow_of("- {type: succeed, name: s}\n- {type: fail, name: f, error: E, cause: C}\n- {type: fail, name: g}")
    assert flow.steps == (Succeed(name="s"), Fail(name="f", error="E", cause="C"), Fail(name="g"))


def test_choices_own_lists_and_lead_to_siblings():
    """A branch has steps, a goto, both or neither."""
    flow = flow_of("""
        - type: choice
          name: pick
          choices:
            - condition: $.a == 1
              goto: last
            - condition: $.a == 2
              steps:
                - {type: pass, name: inner}
                - {type: pass, name: innermost}
          default: {goto: last}
        - {type: pass, name: last}
    """)
    pick = flow.steps[0]
    assert isinstance(pick, Choice)
    assert isinstance(pick.branches[0].condition, Infix)
    assert [branch.goto for branch in pick.branches] == ["last", ""]
    assert pick.branches[1].steps == (Pass(name="inner"), Pass(name="innermost"))
    assert pick.default is not None
    assert pick.default.goto == "last"


def test_parallel_and_foreach_own_lists():
    """The key of the number is optional."""
    flow = flow_of("""
        - {type: parallel, name: all, branches: [{steps: [{type: pass, name: a}]}, {steps: [{type: pass, name: b}]}]}
        - type: foreach
          name: each
          iterationMapping: {collection: $.names, item: name}
          steps: [{type: pass, name: c}]
    """)
    assert flow.steps == (
        Parallel(name="all", branches=((Pass(name="a"),), (Pass(name="b"),))),
        Foreach(name="each", collection=Path(Root.INPUT, ("names",)), item="name", steps=(Pass(name="c"),)),
    )
    assert set(flow.places) == {"all", "a", "b", "each", "c"}


def test_every_step_has_a_place():
    """The interpreter finds a step and its successor by name, in whatever list it stands."""
    flow = flow_of("""
        - type: choice
          name: pick
          choices: [{condition: "true", steps: [{type: pass, name: b}, {type: pass, name: c}]}]
          default: {steps: [{type: pass, name: d}]}
        - {type: pass, name: e}
    """)
    assert {name: place.next for name, place in flow.places.items()} == {
        "pick": "e",
        "b": "c",
        "c": "",
        "d": "",
        "e": "",
    }


def test_gotos_reach_earlier_and_later_siblings():
    """Loops are written with a goto backwards."""
    flow = flow_of(f"""
        - type: task
          name: a
          resourceArn: {FUNCTION}
          catch: [{{errors: [E], goto: c}}]
        - {{type: choice, name: b, choices: [{{condition: $.again, goto: a}}]}}
        - {{type: pass, name: c}}
    """)
    assert len(flow.steps) == 3
