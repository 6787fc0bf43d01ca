"""Which step comes next."""

import pytest

from liuyun.workflow.core.run import Status
from tests.unit.workflow.core.play import play

CHOICE = """
- type: choice
  name: pick
  choices:
    - condition: $.kind == "small"
      goto: last
    - condition: $.kind == "large" && $.size <= $.limit
      steps:
        - {type: pass, name: pack, outputMappings: [{target: packed, source: true}]}
        - {type: pass, name: wrap}
    - condition: $.kind == "huge"
      steps: [{type: pass, name: call}]
      goto: last
    - condition: $.kind == "plain"
- {type: pass, name: middle}
- {type: pass, name: last}
"""


@pytest.mark.parametrize(
    ("data", "steps"),
    [
        ({"kind": "small"}, ["pick", "last"]),
        ({"kind": "large", "size": 1, "limit": 2}, ["pick", "pack", "wrap", "middle", "last"]),
        ({"kind": "large", "size": 3, "limit": 2}, ["pick", "middle", "last"]),
        ({"kind": "huge"}, ["pick", "call", "last"]),
        ({"kind": "plain"}, ["pick", "middle", "last"]),
        ({"kind": "other"}, ["pick", "middle", "last"]),
        ({}, ["pick", "middle", "last"]),
    ],
)
def test_the_first_branch_that_holds_is_taken(data: dict, steps: list[str]):
    """Its steps run, then its goto is followed; without any the next sibling runs."""
    assert play(CHOICE, data).steps() == steps


@pytest.mark.parametrize(
    ("default", "steps"),
    [
        ("{goto: last}", ["pick", "last"]),
        ("{steps: [{type: pass, name: other}]}", ["pick", "other", "middle", "last"]),
        ("{steps: [{type: pass, name: other}], goto: last}", ["pick", "other", "last"]),
        ("{}", ["pick", "middle", "last"]),
    ],
)
def test_the_default_is_taken_when_nothing_holds(default: str, steps: list[str]):
    """It has steps, a goto, both or neither, like a branch."""
    text = f"""
        - {{type: choice, name: pick, choices: [{{condition: $.absent, goto: pick}}], default: {default}}}
        - {{type: pass, name: middle}}
        - {{type: pass, name: last}}
    """
    assert play(text).steps() == steps


def test_the_steps_of_a_branch_have_data_of_their_own():
    """Their parent is the choice: its input, and a local that begins empty and becomes the choice's result."""
    done = play(CHOICE, {"kind": "large", "size": 1, "limit": 2})
    assert done.detail("StepEntered", "pack") == {"input": {"kind": "large", "size": 1, "limit": 2}, "local": {}}
    assert done.detail("StepEntered", "wrap")["local"] == {"packed": True}
    assert done.detail("StepSucceeded", "pick") == {"output": {"packed": True}}
    assert done.run.output == {"packed": True}


def test_output_mappings_of_a_choice_see_its_branchs_data():
    """`$local` of a choice is what its branch left."""
    done = play("""
        - type: choice
          name: pick
          choices:
            - condition: "true"
              steps: [{type: pass, name: a, outputMappings: [{target: x, source: 1}]}]
          outputMappings: [{target: y, source: $local.x}]
    """)
    assert done.run.output == {"y": 1}


def test_a_goto_backwards_loops_until_the_condition_changes():
    """Loops are written with choices."""
    done = play(
        """
        - type: choice
          name: next
          choices:
            - condition: $.round == "one"
              steps: [{type: pass, name: second, outputMappings: [{target: round, source: two}]}]
              goto: next
            - condition: $.round == "two"
              steps: [{type: pass, name: third, outputMappings: [{target: round, source: three}]}]
              goto: next
        - {type: pass, name: done}
        """,
        {"round": "one"},
    )
    assert done.steps() == ["next", "second", "next", "third", "next", "done"]
    assert done.run.output == {"round": "three"}


def test_end_ends_its_list():
    """Later siblings don't run."""
    assert play("- {type: pass, name: a, end: true}\n- {type: pass, name: b}").steps() == ["a"]


def test_succeed_ends_its_list():
    """Like a return."""
    done = play("- {type: succeed, name: a}\n- {type: pass, name: b}")
    assert (done.steps(), done.run.status) == (["a"], Status.SUCCEEDED)


def test_ending_a_nested_list_ends_only_that():
    """The choice has its result then, and its siblings follow."""
    done = play("""
        - type: choice
          name: pick
          choices: [{condition: "true", steps: [{type: succeed, name: a}, {type: pass, name: b}]}]
        - {type: pass, name: c}
    """)
    assert done.steps() == ["pick", "a", "c"]


def test_a_goto_wins_over_end():
    """A choice that ends its list may still lead elsewhere."""
    done = play(
        """
        - {type: choice, name: pick, end: true, choices: [{condition: $.go, goto: c}]}
        - {type: pass, name: b}
        - {type: pass, name: c}
    """,
        {"go": True},
    )
    assert done.steps() == ["pick", "c"]


def test_fail_fails_the_execution_with_its_error():
    """Error and cause are the author's."""
    done = play("- {type: fail, name: no, error: SoldOut, cause: nothing left}\n- {type: pass, name: b}")
    assert (done.run.status, done.run.error, done.run.cause) == (Status.FAILED, "SoldOut", "nothing left")
    assert done.run.output is None


def test_choices_nest():
    """Paths tell where a step stands, at any depth."""
    done = play("""
        - type: choice
          name: a
          choices:
            - condition: "true"
              steps:
                - type: choice
                  name: b
                  choices: [{condition: "false"}]
                  default: {steps: [{type: wait, name: c, duration: 1}]}
    """)
    assert set(done.run.scopes) == {"", "a/0", "a/0/b/default"}
    done.ring()
    assert (done.history[-1].type, done.run.output) == ("ExecutionSucceeded", {})
    assert done.history[done.types.index("StepSucceeded")].path == "a/0/b/default/c"
