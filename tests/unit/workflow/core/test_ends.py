"""Waits, stops, timeouts of the flow, limits."""

import pytest

from liuyun.workflow.core.activations import ReportSucceeded, Start, Stop, TimerFired
from liuyun.workflow.core.decide import decide
from liuyun.workflow.core.decision import Limits, Refusal
from liuyun.workflow.core.effects import ExecutionEnded, StartTimer
from liuyun.workflow.core.run import Status
from tests.unit.workflow.core.play import Play, play
from tests.unit.workflow.definition.texts import FUNCTION, flow_of

TASK = f"type: task, name: pay, resourceArn: '{FUNCTION}'"
WAIT = "- {type: wait, name: w, duration: 10}"


@pytest.mark.parametrize(
    ("fields", "data", "seconds"),
    [
        ("duration: 10", {}, 10),
        ("duration: 0.0005", {}, 0.001),
        ("duration: $.pause", {"pause": 2.5}, 2.5),
        ("duration: $.pause", {"pause": 3}, 3),
        ("timestamp: 1970-01-01T00:20:00Z", {}, 200),
        ("timestamp: $.at", {"at": "1970-01-01T08:20:00+08:00"}, 200),
    ],
)
def test_a_wait_ends_at_its_time(fields: str, data: dict, seconds: float):
    """It starts one timer and goes on when that fires."""
    done = play(f"- {{type: wait, name: w, {fields}}}", data)
    assert done.effects == [StartTimer(3, 1_000_000 + round(seconds * 1000))]
    done.ring()
    assert done.types[3:] == ["StepSucceeded", "StepExited", "ExecutionSucceeded"]


@pytest.mark.parametrize(
    ("fields", "data"),
    [("duration: 0", {}), ("duration: $.pause", {"pause": 0}), ("timestamp: 1970-01-01T00:00:00Z", {})],
)
def test_a_wait_for_the_past_is_over_at_once(fields: str, data: dict):
    """No timer is started."""
    done = play(f"- {{type: wait, name: w, {fields}}}", data)
    assert (done.run.status, done.timers) == (Status.SUCCEEDED, [])


@pytest.mark.parametrize(
    ("fields", "data", "cause"),
    [
        (
            "duration: $.pause",
            {},
            "duration must be a number of seconds from 0 to 31622400, but the input gives nothing.",
        ),
        (
            "duration: $.pause",
            {"pause": "5"},
            'duration must be a number of seconds from 0 to 31622400, but the input gives "5".',
        ),
        (
            "duration: $.pause",
            {"pause": True},
            "duration must be a number of seconds from 0 to 31622400, but the input gives true.",
        ),
        (
            "duration: $.pause",
            {"pause": -1},
            "duration must be a number of seconds from 0 to 31622400, but the input gives -1.",
        ),
        ("timestamp: $.at", {"at": "soon"}, 'timestamp must be an RFC 3339 time, but the input gives "soon".'),
        ("timestamp: $.at", {"at": 5}, "timestamp must be an RFC 3339 time, but the input gives 5."),
        ("timestamp: $.at", {}, "timestamp must be an RFC 3339 time, but the input gives nothing."),
    ],
)
def test_a_wait_for_no_time_fails_its_step(fields: str, data: dict, cause: str):
    """The cause says what the input gave."""
    done = play(f"- {{type: wait, name: w, {fields}}}", data)
    assert (done.run.error, done.run.cause) == ("FnF.RuntimeError", cause)
    assert done.types[-3:] == ["StepStarted", "StepFailed", "ExecutionFailed"]


def test_a_stop_ends_the_execution_where_it_stands():
    """The history ends with it, and whatever ran comes back to nobody."""
    done = play(f"- {{{TASK}, timeoutSeconds: 5}}")
    decision = done.happen(Stop("Mine", "enough"))
    assert [event.type for event in decision.events] == ["ExecutionStopped"]
    assert decision.effects == (ExecutionEnded(6),)
    assert (done.run.status, done.run.error, done.run.cause) == (Status.STOPPED, "Mine", "enough")
    assert done.returned({}).events == ()


def test_a_second_stop_is_refused():
    """Its sender is told that there is nothing to stop."""
    done = play("- {type: pass, name: a}")
    assert done.happen(Stop()).refusal is Refusal.EXECUTION_COMPLETED


def test_catches_dont_hold_a_stop():
    """A stop is the operator's word."""
    done = play(f"- {{{TASK}, catch: [{{errors: [FnF.ALL], goto: pay}}]}}")
    done.happen(Stop())
    assert done.run.status is Status.STOPPED


def test_a_run_can_be_stopped_before_it_starts():
    """A start that comes later finds it ended."""
    done = Play(flow_of(WAIT))
    done.happen(Stop())
    assert done.happen(Start({})).events == ()
    assert done.types == ["ExecutionStopped"]


def test_a_flow_times_out_as_a_whole():
    """Whatever it waits for, and no catch holds it."""
    done = play(f"- {{{TASK}, catch: [{{errors: [FnF.ALL], goto: pay}}]}}", header="timeoutSeconds: 2\n")
    assert done.timers == [StartTimer(1, 1_002_000)]
    done.ring()
    assert done.types[-1] == "ExecutionTimedOut"
    assert (done.run.status, done.run.error) == (Status.TIMED_OUT, "FnF.ExecutionTimeout")
    assert done.happen(ReportSucceeded(4, {})).refusal is Refusal.TASK_COMPLETED


def test_the_timer_of_a_flow_that_has_ended_changes_nothing():
    """It fires into an empty decision."""
    done = play("- {type: pass, name: a}", header="timeoutSeconds: 2\n")
    assert done.happen(TimerFired(1)).events == ()


def test_timers_of_a_turn_that_ends_the_run_are_not_started():
    """Nothing is asked of the world for a run that is over."""
    assert play("- {type: pass, name: a}", header="timeoutSeconds: 2\n").timers == []


def test_the_number_of_events_is_limited():
    """A loop that never waits ends as a failure, with the limit's event as its last."""
    done = play(
        "- {type: pass, name: a}\n- {type: choice, name: b, choices: [{condition: 'true', goto: a}]}",
        limits=Limits(events=100),
    )
    assert len(done.history) == 100
    assert (done.run.status, done.run.error) == (Status.FAILED, "FnF.EventLimitExceeded")
    assert done.run.cause == "The execution has 100 history events, the most that it may have."


@pytest.mark.parametrize("events", range(1, 12))
def test_the_last_event_always_tells_the_end(events: int):
    """Wherever the limit cuts the chain."""
    done = Play(flow_of("- {type: pass, name: a}\n- {type: pass, name: b}"), Limits(events=events))
    done.happen(Start({}))
    assert len(done.history) == min(events, 10)
    assert done.run.status is (Status.SUCCEEDED if events >= 10 else Status.FAILED)


def test_the_input_of_an_execution_is_limited():
    """History events have no room for more."""
    done = play(WAIT, {"k": "x" * 100}, limits=Limits(step_data_bytes=100))
    assert done.types == ["ExecutionStarted", "ExecutionFailed"]
    assert done.run.error == "FnF.DataLimitExceeded"
    assert done.run.cause == "The input of the execution takes 108 bytes as JSON; at most 100 are allowed."


def test_the_input_of_a_step_is_limited():
    """Mappings may multiply data."""
    twice = "inputMappings: [{target: a, source: $input}, {target: b, source: $input}]"
    done = play(f"- {{type: pass, name: a, {twice}}}", {"k": "x" * 50}, limits=Limits(step_data_bytes=100))
    assert done.types[-3:] == ["StepEntered", "StepFailed", "ExecutionFailed"]
    assert done.run.cause == "The input of step a takes 127 bytes as JSON; at most 100 are allowed."


def test_a_result_is_limited_together_with_the_input():
    """A large result isn't stored, it fails the execution; nothing catches that."""
    done = play(
        f"- {{{TASK}, catch: [{{errors: [FnF.ALL], goto: pay}}], retry: [{{errors: [FnF.ALL]}}]}}",
        {"k": "x" * 20},
    )
    done.returned({"big": "x" * 33 * 1024})
    assert done.types[-3:] == ["TaskStarted", "StepFailed", "ExecutionFailed"]
    assert done.run.error == "FnF.DataLimitExceeded"
    assert done.run.cause == "The input and result of step pay takes 33830 bytes as JSON; at most 32768 are allowed."


def test_the_output_of_a_step_counts_with_its_input_and_result():
    """The three together are what a step may hold."""
    steps = "- {type: pass, name: a, outputMappings: [{target: x, source: $input}]}"
    done = play(steps, {"k": "x" * 40}, limits=Limits(step_data_bytes=100))
    assert done.types[-2:] == ["StepFailed", "ExecutionFailed"]
    assert "The input, result and output of step a" in done.run.cause


def test_what_gathers_in_a_list_is_limited():
    """Many small outputs may not grow without end."""
    steps = "\n".join(
        f"- {{type: pass, name: p{n}, inputMappings: [], outputMappings: [{{target: k{n}, source: {'x' * 20}}}]}}"
        for n in range(5)
    )
    done = play(steps, limits=Limits(step_data_bytes=100))
    assert done.run.error == "FnF.DataLimitExceeded"
    assert done.run.cause.startswith("The data that has gathered when step p3 ends")


def test_the_output_of_a_flow_is_limited():
    """It is the last event's data."""
    header = "outputMappings: [{target: a, source: $input}, {target: b, source: $input}]\n"
    done = play(
        "- {type: pass, name: a, inputMappings: []}", {"k": "x" * 60}, header=header, limits=Limits(step_data_bytes=100)
    )
    assert done.types[-2:] == ["StepExited", "ExecutionFailed"]
    assert done.run.cause.startswith("The output of the flow takes")


def test_data_may_not_nest_without_end():
    """A loop can wrap its data once more in every round; storing it would overflow a stack."""
    done = play("""
        - {type: pass, name: a, outputMappings: [{target: x, source: $input.x.x}, {target: x, source: $input}]}
        - {type: choice, name: b, choices: [{condition: "true", goto: a}]}
    """)
    assert done.run.error == "FnF.DataLimitExceeded"
    assert "nested more than 100 levels deep" in done.run.cause


def test_a_failure_of_a_limit_inside_a_branch_fails_the_steps_around():
    """It goes up like any other, only uncaught."""
    done = play(
        f"""
        - type: choice
          name: pick
          choices: [{{condition: "true", steps: [{{{TASK}, catch: [{{errors: [FnF.ALL], goto: pay}}]}}]}}]
        """,
        limits=Limits(step_data_bytes=100),
    )
    done.returned({"k": "x" * 100})
    assert [event.step for event in done.history[-3:]] == ["pay", "pick", ""]


@pytest.mark.parametrize("events", [6, 7, 8])
def test_a_limit_may_be_met_while_another_is_told(events: int):
    """There is always room for the end itself."""
    done = play(f"- {{{TASK}}}", limits=Limits(step_data_bytes=100, events=events))
    done.returned({"k": "x" * 100})
    assert done.types[-1] == "ExecutionFailed"
    assert done.run.error == "FnF.DataLimitExceeded"


def test_a_decision_leaves_its_run_alone():
    """Runs are values: deciding twice gives the same twice."""
    done = play(WAIT)
    first = decide(done.flow, done.run, Stop("a", "b"), done.now, done.context)
    second = decide(done.flow, done.run, Stop("a", "b"), done.now, done.context)
    assert first == second
    assert done.run.is_live


def test_a_report_that_breaks_a_limit_is_accepted_and_fails_the_run():
    """Its sender gets the id of the failure that took the place of the result."""
    done = play(f"- {{{TASK}, pattern: waitForCallback}}", limits=Limits(step_data_bytes=100))
    decision = done.report({"k": "x" * 100})
    assert [event.type for event in decision.events] == ["TaskSubmitted", "StepFailed", "ExecutionFailed"]
    assert decision.report_event_id == 7
