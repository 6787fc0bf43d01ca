"""The shape of histories."""

from liuyun.workflow.core.activations import Start
from liuyun.workflow.core.effects import ExecutionEnded
from liuyun.workflow.core.run import Status
from tests.unit.workflow.core.play import play
from tests.unit.workflow.definition.texts import FUNCTION


def test_two_pass_steps_give_the_documented_history():
    """Ids, links, names and details are the vendor's, to the letter."""
    history = play("- {type: pass, name: pass1}\n- {type: pass, name: pass2}").history
    assert [(e.id, e.type.value, e.step, e.follows, e.detail) for e in history] == [
        (1, "ExecutionStarted", "", 0, {"input": {}}),
        (2, "StepEntered", "pass1", 1, {"input": {}, "local": {}}),
        (3, "StepStarted", "pass1", 2, {"input": {}}),
        (4, "StepSucceeded", "pass1", 3, {"output": {}}),
        (5, "StepExited", "pass1", 4, {"local": {}}),
        (6, "StepEntered", "pass2", 5, {"input": {}, "local": {}}),
        (7, "StepStarted", "pass2", 6, {"input": {}}),
        (8, "StepSucceeded", "pass2", 7, {"output": {}}),
        (9, "StepExited", "pass2", 8, {"local": {}}),
        (10, "ExecutionSucceeded", "", 9, {"output": {}}),
    ]


def test_steps_show_their_parents_data_before_and_their_own_after():
    """StepEntered and StepExited speak of the list, StepStarted and StepSucceeded of the step."""
    done = play(
        """
        - type: pass
          name: a
          outputMappings: [{target: x, source: 1}]
        - type: pass
          name: b
          inputMappings: [{target: y, source: $local.x}]
          outputMappings: [{target: z, source: $input.y}]
        """,
        {"k": 0},
    )
    assert done.detail("StepEntered", "b") == {"input": {"k": 0}, "local": {"x": 1}}
    assert done.detail("StepStarted", "b") == {"input": {"y": 1}}
    assert done.detail("StepSucceeded", "b") == {"output": {"z": 1}}
    assert done.detail("StepExited", "b") == {"local": {"x": 1, "z": 1}}


def test_a_task_stands_between_the_start_and_the_success_of_its_step():
    """The call is scheduled and started, then its result is there."""
    done = play(f"- {{type: task, name: pay, resourceArn: '{FUNCTION}'}}")
    done.returned({"paid": True})
    assert [(e.id, e.type.value, e.follows, e.detail) for e in done.history[2:8]] == [
        (3, "StepStarted", 2, {"input": {}}),
        (4, "TaskScheduled", 3, {"resourceArn": FUNCTION, "pattern": "requestResponse", "attempt": 1}),
        (5, "TaskStarted", 4, {}),
        (6, "TaskSucceeded", 5, {"output": {"paid": True}}),
        (7, "StepSucceeded", 6, {"output": {"paid": True}}),
        (8, "StepExited", 7, {"local": {"paid": True}}),
    ]


def test_a_nested_list_stands_between_the_start_and_the_success_of_its_choice():
    """The chain runs through the inner steps and out again."""
    done = play("""
        - type: choice
          name: pick
          choices: [{condition: "true", steps: [{type: pass, name: inner}]}]
    """)
    assert [(e.follows, e.type.value, e.step, e.path) for e in done.history[2:9]] == [
        (2, "StepStarted", "pick", "pick"),
        (3, "StepEntered", "inner", "pick/0/inner"),
        (4, "StepStarted", "inner", "pick/0/inner"),
        (5, "StepSucceeded", "inner", "pick/0/inner"),
        (6, "StepExited", "inner", "pick/0/inner"),
        (7, "StepSucceeded", "pick", "pick"),
        (8, "StepExited", "pick", "pick"),
    ]


def test_an_uncaught_failure_fails_every_step_around_it():
    """Steps that failed for good are not exited."""
    done = play("""
        - type: choice
          name: pick
          choices: [{condition: "true", steps: [{type: fail, name: no, error: E, cause: because}]}]
    """)
    assert done.types[-3:] == ["StepFailed", "StepFailed", "ExecutionFailed"]
    assert [event.step for event in done.history[-3:]] == ["no", "pick", ""]
    assert [event.follows for event in done.history[-3:]] == [5, 6, 7]
    assert all(event.detail == {"error": "E", "cause": "because"} for event in done.history[-3:])


def test_the_end_is_told_once():
    """Whoever waits for the execution is woken by one effect."""
    done = play("- {type: pass, name: a}")
    assert done.effects == [ExecutionEnded(6)]
    assert (done.run.status, done.run.stopped_at, done.run.scopes) == (Status.SUCCEEDED, done.now, {})


def test_a_second_start_changes_nothing():
    """A start that is delivered again finds a run that has begun."""
    done = play("- {type: wait, name: w, duration: 5}", {"a": 1})
    assert done.happen(Start({"a": 2})).events == ()


def test_times_never_run_backwards():
    """A clock that was set back doesn't turn a history round."""
    done = play(f"- {{type: task, name: pay, resourceArn: '{FUNCTION}'}}")
    done.now -= 60_000
    done.returned({})
    assert {event.time for event in done.history} == {1_000_000}
