"""Parallel branches and foreach iterations: many lists side by side in one run."""

from liuyun.workflow.core import branches
from liuyun.workflow.core.activations import TaskReturned, TimerFired
from liuyun.workflow.core.decision import Limits, Refusal
from liuyun.workflow.core.effects import InvokeFunction
from liuyun.workflow.core.run import Status
from tests.unit.workflow.core.play import Play, play
from tests.unit.workflow.definition.texts import FUNCTION

TASK = f"type: task, resourceArn: '{FUNCTION}'"
TWO_TASKS = f"""
- type: parallel
  name: all
  branches:
    - steps: [{{{TASK}, name: a}}]
    - steps: [{{{TASK}, name: b}}]
  outputMappings: [{{target: results, source: "$local[*].n"}}]
- {{type: pass, name: last}}
"""
EACH = f"""
- type: foreach
  name: each
  iterationMapping: {{collection: $.names, item: name, index: i}}
  steps: [{{{TASK}, name: greet}}]
  outputMappings: [{{target: greetings, source: "$local[*].text"}}]
"""


def answer(play: Play, step: str, output: object) -> None:
    """The call of the step of that path returns."""
    call = next(call for call in play.calls if call.path == step)
    play.happen(TaskReturned(call.event_id, output))


def test_branches_begin_together_and_end_as_they_like():
    """The results come in the order of the branches."""
    done = play(TWO_TASKS)
    assert [call.path for call in done.calls] == ["all/0/a", "all/1/b"]
    answer(done, "all/1/b", {"n": 2})
    assert done.run.is_live
    answer(done, "all/0/a", {"n": 1})
    assert done.run.output == {"results": [1, 2]}


def test_each_branch_is_a_chain_of_its_own():
    """It begins at the start of the parallel step; the last one to end leads on."""
    done = play(TWO_TASKS)
    answer(done, "all/1/b", {"n": 2})
    answer(done, "all/0/a", {"n": 1})
    links = [(e.id, e.follows, e.type.value, e.step) for e in done.history]
    assert links[2:12] == [
        (3, 2, "StepStarted", "all"),
        (4, 3, "BranchEntered", "all"),
        (5, 4, "StepEntered", "a"),
        (6, 5, "StepStarted", "a"),
        (7, 6, "TaskScheduled", "a"),
        (8, 7, "TaskStarted", "a"),
        (9, 3, "BranchEntered", "all"),
        (10, 9, "StepEntered", "b"),
        (11, 10, "StepStarted", "b"),
        (12, 11, "TaskScheduled", "b"),
    ]
    assert links[13:23] == [
        (14, 13, "TaskSucceeded", "b"),
        (15, 14, "StepSucceeded", "b"),
        (16, 15, "StepExited", "b"),
        (17, 16, "BranchExited", "all"),
        (18, 8, "TaskSucceeded", "a"),
        (19, 18, "StepSucceeded", "a"),
        (20, 19, "StepExited", "a"),
        (21, 20, "BranchExited", "all"),
        (22, 21, "StepSucceeded", "all"),
        (23, 22, "StepExited", "all"),
    ]


def test_branches_see_the_steps_input_and_only_their_own_results():
    """Their local data begins empty."""
    done = play(
        """
        - type: parallel
          name: all
          branches:
            - steps: [{type: pass, name: a, outputMappings: [{target: x, source: 1}]}, {type: pass, name: b}]
            - steps: [{type: pass, name: c}]
        """,
        {"k": 0},
    )
    assert done.detail("StepStarted", "b") == {"input": {"k": 0, "x": 1}}
    assert done.detail("StepStarted", "c") == {"input": {"k": 0}}
    assert [e.detail for e in done.history if e.type == "BranchExited"] == [{"local": {"x": 1}}, {"local": {}}]


def test_without_output_mappings_branches_output_nothing():
    """Only parallel and foreach are like that: their result is a list, which has no keys to merge."""
    done = play("""
        - type: parallel
          name: all
          branches: [{steps: [{type: pass, name: a, outputMappings: [{target: x, source: 1}]}]}]
    """)
    assert done.run.output == {}


def test_a_failing_branch_fails_the_execution_and_stops_the_others():
    """What the others were waiting for comes back to nobody."""
    done = play(TWO_TASKS)
    done.failed("E", "boom")
    assert [(e.type.value, e.step) for e in done.history[-4:]] == [
        ("TaskFailed", "b"), ("StepFailed", "b"), ("StepFailed", "all"), ("ExecutionFailed", ""),
    ]  # fmt: skip
    assert (done.run.status, done.run.error, done.run.scopes) == (Status.FAILED, "E", {})
    assert done.happen(TaskReturned(7, {})).events == ()


def test_a_branch_that_fails_at_once_leaves_the_later_ones_unbegun():
    """Nothing is called for a run that is over."""
    done = play(f"""
        - type: parallel
          name: all
          branches:
            - steps: [{{{TASK}, name: a}}]
            - steps: [{{type: fail, name: no, error: E}}]
            - steps: [{{{TASK}, name: c}}]
    """)
    assert done.run.error == "E"
    assert done.calls == []
    assert "c" not in done.steps()


def test_a_succeed_ends_only_its_branch():
    """It is a return from that list."""
    done = play("""
        - type: parallel
          name: all
          branches: [{steps: [{type: succeed, name: a}, {type: pass, name: b}]}, {steps: [{type: pass, name: c}]}]
        - {type: pass, name: last}
    """)
    assert done.steps() == ["all", "a", "c", "last"]


def test_branches_have_tokens_of_their_own():
    """Reports go to the branch whose task is meant."""
    callback = "pattern: waitForCallback, inputMappings: [{target: token, source: $context.task.token}]"
    done = play(f"""
        - type: parallel
          name: all
          branches:
            - steps: [{{{TASK}, name: a, {callback}}}]
            - steps: [{{{TASK}, name: b, {callback}}}]
          outputMappings: [{{target: all, source: $local}}]
    """)
    assert [call.payload for call in done.calls if isinstance(call, InvokeFunction)] == [
        '{"token":"token-7"}', '{"token":"token-12"}',
    ]  # fmt: skip
    done.report({"from": "a"}, event_id=7)
    assert done.report({}, event_id=7).refusal is Refusal.TASK_COMPLETED
    done.report({"from": "b"}, event_id=12)
    assert done.run.output == {"all": [{"from": "a"}, {"from": "b"}]}


def test_timers_and_retries_run_side_by_side():
    """Each branch waits for its own."""
    done = play(f"""
        - type: parallel
          name: all
          branches:
            - steps: [{{type: wait, name: w, duration: 60}}]
            - steps: [{{{TASK}, name: b, retry: [{{errors: [E]}}]}}]
    """)
    done.failed("E")
    retry = done.timers[-1]
    assert retry.at == done.now + 1000
    done.happen(TimerFired(retry.event_id))
    done.returned({})
    assert set(done.run.scopes) == {"", "all/0"}
    done.happen(TimerFired(done.timers[0].event_id))
    assert done.run.status is Status.SUCCEEDED


def test_iterations_see_their_element_and_its_number():
    """Beside the step's own input."""
    done = play(EACH, {"names": ["x", "y"], "k": 0})
    assert [call.payload for call in done.calls if isinstance(call, InvokeFunction)] == [
        '{"names":["x","y"],"k":0,"name":"x","i":0}',
        '{"names":["x","y"],"k":0,"name":"y","i":1}',
    ]
    assert [e.detail["input"]["i"] for e in done.history if e.type == "IterationEntered"] == [0, 1]


def test_results_come_in_the_order_of_the_elements():
    """Whichever iteration ends first."""
    done = play(EACH, {"names": ["x", "y", "z"]})
    for number in (2, 0, 1):
        answer(done, f"each/{number}/greet", {"text": f"hello {number}"})
    assert done.run.output == {"greetings": ["hello 0", "hello 1", "hello 2"]}
    assert done.types.count("IterationExited") == 3


def test_the_number_is_only_there_if_it_is_wanted():
    """The key index is optional."""
    done = play(
        "- {type: foreach, name: each, iterationMapping: {collection: $.l, item: e}, steps: [{type: pass, name: a}]}",
        {"l": [5]},
    )
    assert done.detail("StepStarted", "a") == {"input": {"l": [5], "e": 5}}


def test_an_empty_list_is_done_at_once():
    """Its result is the empty list."""
    assert play(EACH, {"names": []}).run.output == {"greetings": []}


def test_something_else_than_a_list_fails_the_step():
    """The cause says what there was instead."""
    assert play(EACH, {"names": "x"}).run.cause == "collection must lead to a list, but the input gives a text."
    assert play(EACH).run.cause == "collection must lead to a list, but the input gives nothing."
    assert play(EACH).run.error == "FnF.RuntimeError"


def test_nested_iterations_flatten():
    """Two wildcards make one list of the lists inside."""
    done = play(
        """
        - type: foreach
          name: outer
          iterationMapping: {collection: $.rows, item: row}
          steps:
            - type: foreach
              name: inner
              iterationMapping: {collection: $.row, item: cell}
              steps: [{type: pass, name: a, outputMappings: [{target: n, source: $input.cell}]}]
              outputMappings: [{target: parts, source: "$local[*].n"}]
          outputMappings: [{target: all, source: "$local[*].parts[*]"}]
        """,
        {"rows": [[1, 2], [3]]},
    )
    assert done.run.output == {"all": [1, 2, 3]}
    assert "outer/1/inner/0/a" in [event.path for event in done.history]


def test_at_most_so_many_iterations_are_live_at_once():
    """The next one begins when one ends."""
    done = play(EACH, {"names": ["x"] * (branches.CONCURRENT + 2)})
    assert len(done.calls) == branches.CONCURRENT
    answer(done, "each/7/greet", {})
    assert len(done.calls) == branches.CONCURRENT + 1
    assert done.calls[-1].path == f"each/{branches.CONCURRENT}/greet"
    assert done.history[-5].follows == 3


def test_an_element_may_be_too_large_for_its_iteration():
    """The limit of a step's data holds for what its iterations begin with."""
    done = play(EACH, {"names": ["x" * 60]}, limits=Limits(step_data_bytes=100))
    assert done.run.error == "FnF.DataLimitExceeded"
    assert done.run.cause.startswith("The input of iteration 0 of step each takes")


def test_the_limit_of_events_ends_a_run_with_many_branches():
    """However many of them are live."""
    done = play(EACH, {"names": ["x"] * 20}, limits=Limits(events=50))
    assert len(done.history) == 50
    assert (done.run.status, done.run.error) == (Status.FAILED, "FnF.EventLimitExceeded")
    assert done.calls == []
