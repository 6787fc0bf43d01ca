"""How data flows: inputs, locals, outputs, mappings."""

import pytest

from tests.unit.workflow.core.play import play
from tests.unit.workflow.definition.texts import FUNCTION

TASK = f"resourceArn: '{FUNCTION}'"


def output_of(steps: str, data: dict | None = None, header: str = "") -> dict | None:
    return play(steps, data, header=header).run.output


def test_constants_reach_the_output_with_their_types():
    """Numbers, booleans and empty collections stay what they are."""
    sources = "".join(
        f"\n    - {{target: t{i}, source: {text}}}"
        for i, text in enumerate(["1", "2.5", "false", "{}", "[]", '""', "x"])
    )
    output = output_of(f"- type: pass\n  name: a\n  outputMappings:{sources}")
    assert output == {"t0": 1, "t1": 2.5, "t2": False, "t3": {}, "t4": [], "t5": "", "t6": "x"}


def test_without_input_mappings_a_step_gets_input_and_local_and_local_wins():
    """The newer value is the local one."""
    done = play(
        "- {type: pass, name: a, outputMappings: [{target: k, source: local}]}\n- {type: pass, name: b}",
        {"k": "input", "i": 1},
    )
    assert done.detail("StepStarted", "b") == {"input": {"k": "local", "i": 1}}


def test_with_input_mappings_a_step_gets_exactly_their_targets():
    """Nothing else is passed on."""
    done = play("- {type: pass, name: a, inputMappings: [{target: x, source: $input.k}]}", {"k": 1, "l": 2})
    assert done.detail("StepStarted", "a") == {"input": {"x": 1}}


def test_empty_input_mappings_give_an_empty_input():
    """An empty list of mappings is not the absence of mappings."""
    done = play("- {type: pass, name: a, inputMappings: []}", {"k": 1})
    assert done.detail("StepStarted", "a") == {"input": {}}


def test_the_later_of_two_siblings_wins():
    """Outputs are merged key by key, shallowly."""
    output = output_of("""
        - {type: pass, name: a, outputMappings: [{target: k, source: {x: 1}}, {target: l, source: 1}]}
        - {type: pass, name: b, outputMappings: [{target: k, source: {y: 2}}]}
    """)
    assert output == {"k": {"y": 2}, "l": 1}


def test_a_bare_path_in_mappings_means_the_input():
    """`$.x` is an alias of `$input.x`; `$` is the whole input."""
    done = play(
        "- {type: pass, name: a, inputMappings: [{target: x, source: $.k}, {target: all, source: $}]}", {"k": 1}
    )
    assert done.detail("StepStarted", "a") == {"input": {"x": 1, "all": {"k": 1}}}


def test_a_path_that_leads_nowhere_leaves_its_key_out():
    """Optional inputs are common and must not fail a flow."""
    done = play("- {type: pass, name: a, inputMappings: [{target: x, source: $input.gone.far}]}", {"k": 1})
    assert done.detail("StepStarted", "a") == {"input": {}}


def test_null_is_a_value():
    """It is passed on, not left out."""
    done = play("- {type: pass, name: a, inputMappings: [{target: x, source: $input.k}]}", {"k": None})
    assert done.detail("StepStarted", "a") == {"input": {"x": None}}


def test_output_mappings_see_the_steps_own_input_and_result():
    """`$local` is the result of the call, `$input` the step's input after mapping."""
    done = play(
        f"""
        - type: task
          name: pay
          {TASK}
          inputMappings: [{{target: id, source: $input.order}}]
          outputMappings: [{{target: paid, source: $local.ok}}, {{target: id, source: $input.id}}]
        """,
        {"order": 7},
    )
    done.returned({"ok": True, "noise": 1})
    assert done.run.output == {"paid": True, "id": 7}


def test_without_output_mappings_the_result_is_the_output():
    """Everything that a function returns is merged into the local data."""
    done = play(f"- {{type: task, name: pay, {TASK}}}")
    done.returned({"a": 1, "b": 2})
    assert done.run.output == {"a": 1, "b": 2}


def test_the_context_names_flow_execution_and_step():
    """Useful as correlation ids."""
    done = play("""
        - type: pass
          name: a
          inputMappings:
            - {target: flow, source: $context.flow.name}
            - {target: execution, source: $context.execution.name}
            - {target: step, source: $context.step.name}
            - {target: token, source: $context.task.token}
    """)
    assert done.detail("StepStarted", "a") == {"input": {"flow": "shop", "execution": "order-1", "step": "a"}}


def test_the_flow_maps_its_own_input_and_output():
    """`$input` is what the execution was started with, `$local` what the steps left."""
    header = """
        inputMappings: [{target: id, source: $input.order.id}, {target: me, source: $context.execution.name}]
        outputMappings: [{target: result, source: $local.x}, {target: id, source: $input.id}]
    """
    done = play(
        "- {type: pass, name: a, outputMappings: [{target: x, source: $input.id}]}", {"order": {"id": 7}}, header=header
    )
    assert done.detail("StepEntered") == {"input": {"id": 7, "me": "order-1"}, "local": {}}
    assert done.detail("ExecutionStarted") == {"input": {"order": {"id": 7}}}
    assert done.run.output == {"result": 7, "id": 7}


@pytest.mark.parametrize("kind", ["pass", "succeed"])
def test_steps_without_a_result_output_nothing(kind: str):
    """A bare pass doesn't copy its input."""
    assert output_of(f"- {{type: {kind}, name: a}}", {"k": 1}) == {}


def test_a_wait_outputs_nothing():
    """It only passes time."""
    done = play("- {type: wait, name: a, duration: 1}", {"k": 1})
    done.ring()
    assert done.run.output == {}


def test_step_names_may_hold_the_separator_of_paths():
    """Names are free texts, so paths escape them."""
    done = play("- {type: wait, name: a/b~c, duration: 1}")
    done.ring()
    assert done.history[1].path == "a~1b~0c"
    assert done.run.output == {}
