"""Calls, and what comes back."""

import pytest

from liuyun.workflow.core.activations import ReportSucceeded, TaskFailed, TaskReturned, TimerFired
from liuyun.workflow.core.decision import Refusal
from liuyun.workflow.core.effects import InvokeFunction, PublishMessage, SendMessage
from liuyun.workflow.core.run import Status
from liuyun.workflow.core.turn import told
from tests.unit.workflow.core.play import play
from tests.unit.workflow.definition.texts import FUNCTION

TASK = f"type: task, name: pay, resourceArn: '{FUNCTION}'"
CALLBACK = f"{{{TASK}, pattern: waitForCallback, inputMappings: [{{target: token, source: $context.task.token}}]}}"


def test_a_function_is_called_with_the_steps_input():
    """The event is the input as compact JSON."""
    done = play(f"- {{{TASK}}}", {"id": 7, "name": "é"})
    assert done.effects == [InvokeFunction(4, "pay", 1, "orders", "pay", "", '{"id":7,"name":"é"}')]


def test_a_result_completes_the_step():
    """It becomes the step's local data."""
    done = play(f"- {{{TASK}}}")
    done.returned({"a": [1, {"b": None}]})
    assert done.run.output == {"a": [1, {"b": None}]}


@pytest.mark.parametrize(
    ("output", "what"),
    [([1], "a list: [1]"), ("x", 'a text: "x"'), (None, "null: null"), (5, "a number: 5"), (True, "a boolean: true")],
)
def test_a_result_that_is_no_object_fails_the_task(output: object, what: str):
    """Everything that flows is an object; what the platform says of it can be said in another language."""
    done = play(f"- {{{TASK}}}")
    done.returned(output)
    detail = done.detail("TaskFailed")
    assert told(detail) == {"error": "FnF.InvalidLocal", "cause": f"The result must be a JSON object, not {what}"}
    assert detail["phrase"]["code"] == "result_no_object"
    assert done.run.status is Status.FAILED


def test_a_failed_call_fails_the_step_and_the_execution():
    """Unless something catches it."""
    done = play(f"- {{{TASK}}}")
    done.failed("FC.Unknown", "boom")
    assert done.types[-3:] == ["TaskFailed", "StepFailed", "ExecutionFailed"]
    assert (done.run.error, done.run.cause) == ("FC.Unknown", "boom")


def test_long_causes_are_cut():
    """A stack trace must not fill the history."""
    done = play(f"- {{{TASK}}}")
    done.failed("E" * 200, "x" * 5000)
    assert len(done.run.error) == 128
    assert (len(done.run.cause), done.run.cause[-1]) == (4096, "…")


def test_a_result_is_taken_once():
    """Effects leave at least once, so answers may come again; the second finds nobody waiting."""
    done = play(f"- {{{TASK}}}\n- {{type: wait, name: w, duration: 5}}")
    done.returned({"n": 1})
    for late in (TaskReturned(4, {"n": 2}), TaskFailed(4, "E", "")):
        decision = done.happen(late)
        assert (decision.events, decision.effects, decision.refusal) == ((), (), None)


def test_answers_to_unknown_events_change_nothing():
    """So do timers that are no longer wanted."""
    done = play(f"- {{{TASK}}}")
    for stray in (TaskReturned(99, {}), TaskFailed(1, "E", ""), TimerFired(2), TimerFired(1)):
        assert done.happen(stray).events == ()


def test_a_token_cites_the_event_that_scheduled_the_attempt():
    """It is in the input before that event exists."""
    done = play(f"- {CALLBACK}")
    assert done.detail("StepStarted") == {"input": {"token": "token-4"}}
    assert done.history[3].type == "TaskScheduled"
    assert done.call == InvokeFunction(4, "pay", 1, "orders", "pay", "", '{"token":"token-4"}')


def test_a_callback_task_waits_for_its_report_after_the_call():
    """What the function returns is discarded, object or not."""
    done = play(f"- {CALLBACK}")
    done.returned("anything")
    assert (done.types[-1], done.detail("TaskSubmitted")) == ("TaskSubmitted", {})
    decision = done.report({"paid": 5})
    assert decision.report_event_id == 7
    assert done.types[5:9] == ["TaskSubmitted", "TaskSucceeded", "StepSucceeded", "StepExited"]
    assert done.run.output == {"paid": 5}


def test_a_report_may_overtake_the_return_of_the_call():
    """The function reports while it still runs; what it returns, or how it dies, is too late then."""
    done = play(f"- {CALLBACK}\n- {{type: wait, name: w, duration: 5}}")
    decision = done.report({"paid": 5})
    assert done.types[5:7] == ["TaskSubmitted", "TaskSucceeded"]
    assert decision.report_event_id == 7
    assert done.returned({}).events == ()
    assert done.failed("FC.Unknown").events == ()


def test_a_reported_failure_fails_the_task():
    """With the reporter's error and cause."""
    done = play(f"- {CALLBACK}")
    done.returned({})
    decision = done.report_failed("Declined", "no money")
    assert decision.report_event_id == 7
    assert (done.run.error, done.run.cause) == ("Declined", "no money")


def test_a_reported_value_that_is_no_object_fails_the_task():
    """The same rule as for results of functions."""
    done = play(f"- {CALLBACK}")
    done.returned({})
    done.report([1])
    assert done.run.error == "FnF.InvalidLocal"


def test_a_second_report_is_refused():
    """The first one counts, its sender is told; nothing changes."""
    done = play(f"- {CALLBACK}")
    done.report({})
    for again in (done.report({}), done.report_failed("E")):
        assert (again.refusal, again.events, again.report_event_id) == (Refusal.TASK_COMPLETED, (), 0)


def test_a_report_for_a_task_that_needs_none_is_refused():
    """Only tasks with the callback pattern have tokens."""
    done = play(f"- {{{TASK}}}")
    assert done.report({}).refusal is Refusal.TASK_COMPLETED
    assert done.run.is_live


def test_a_report_on_something_else_than_a_task_is_refused():
    """A wait can't be reported."""
    done = play("- {type: wait, name: w, duration: 5}")
    assert done.happen(ReportSucceeded(3, {})).refusal is Refusal.TASK_COMPLETED


def test_a_call_that_fails_never_submits_the_task():
    """Nobody has the token, so nobody will report."""
    done = play(f"- {CALLBACK}")
    done.failed("FC.FunctionNotFound")
    assert done.types[5] == "TaskSubmitFailed"
    assert done.run.error == "FC.FunctionNotFound"


def test_a_repeated_call_changes_nothing_once_the_task_is_submitted():
    """After a crash the call is made again: its second answer, good or bad, says nothing new."""
    done = play(f"- {CALLBACK}")
    done.returned({})
    assert done.returned({}).events == ()
    assert done.failed("FC.Unknown").events == ()
    assert done.report({}).events != ()


TOPIC = "type: task, name: tell, resourceArn: 'acs:mns:::/topics/paid/messages'"
QUEUE = "type: task, name: ship, resourceArn: 'acs:mns:::/queues/to-ship/messages'"


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ("$", '{"id":7,"text":"as it is"}'),
        ("$.text", "as it is"),
        ("$.id", "7"),
        ("fixed", "fixed"),
        ("{order: $.id, all: [$.text, $.absent], none: $.absent}", '{"order":7,"all":["as it is"]}'),
        ("$context.execution.name", "order-1"),
    ],
)
def test_a_message_body_is_text_or_json_of_what_a_path_leads_to(body: str, sent: str):
    """A text is sent as it is, everything else as JSON."""
    done = play(f"- {{{TOPIC}, serviceParams: {{MessageBody: {body}}}}}", {"id": 7, "text": "as it is"})
    assert done.effects == [PublishMessage(4, "tell", 1, "paid", sent)]


def test_a_published_message_has_tag_and_attributes():
    """From the input or written."""
    done = play(
        f"- {{{TOPIC}, serviceParams: {{MessageBody: b, MessageTag: $.tag, MessageAttributes: {{a: $.tag}}}}}}",
        {"tag": "red"},
    )
    assert done.effects == [PublishMessage(4, "tell", 1, "paid", "b", "red", {"a": "red"})]


def test_a_sent_message_has_priority_and_delay():
    """Parameters that lead nowhere are left to the queue."""
    text = f"- {{{QUEUE}, serviceParams: {{MessageBody: b, Priority: $.p, DelaySeconds: 5}}}}"
    assert play(text, {"p": 2}).effects == [SendMessage(4, "ship", 1, "to-ship", "b", 2, 5)]
    assert play(text).effects == [SendMessage(4, "ship", 1, "to-ship", "b", None, 5)]


@pytest.mark.parametrize(
    ("task", "data", "cause"),
    [
        (f"{TOPIC}, serviceParams: {{MessageBody: $.b}}", {}, "MessageBody leads nowhere in the step's input."),
        (
            f"{TOPIC}, serviceParams: {{MessageBody: b, MessageTag: $.t}}",
            {"t": 5},
            "MessageTag must be a text, not a number.",
        ),
        (
            f"{TOPIC}, serviceParams: {{MessageBody: b, MessageAttributes: $.a}}",
            {"a": "x"},
            "MessageAttributes must be an object, not a text.",
        ),
        (
            f"{QUEUE}, serviceParams: {{MessageBody: b, Priority: $.p}}",
            {"p": 17},
            "Priority must be a whole number from 1 to 16, not 17.",
        ),
        (
            f"{QUEUE}, serviceParams: {{MessageBody: b, Priority: $.p}}",
            {"p": True},
            "Priority must be a whole number from 1 to 16, not true.",
        ),
        (
            f"{QUEUE}, serviceParams: {{MessageBody: b, DelaySeconds: $.d}}",
            {"d": "5"},
            'DelaySeconds must be a whole number from 0 to 604800, not "5".',
        ),
    ],
)
def test_a_wrong_parameter_from_the_input_fails_the_task(task: str, data: dict, cause: str):
    """Nothing is sent, and the cause says which parameter is wrong."""
    done = play(f"- {{{task}}}", data)
    assert done.effects[:-1] == []
    assert (done.run.error, done.run.cause) == ("MNS.InvalidArgument", cause)


def test_the_answer_of_the_message_service_is_the_result():
    """Its ids can be passed on."""
    done = play(f"- {{{TOPIC}, serviceParams: {{MessageBody: $}}}}")
    done.returned({"MessageId": "M1"})
    assert done.run.output == {"MessageId": "M1"}


def test_a_message_may_carry_a_token_and_wait_for_its_report():
    """The history keeps the message id, which helps to find the message."""
    task = f"{TOPIC}, pattern: waitForCallback, serviceParams: {{MessageBody: $}}, "
    done = play(f"- {{{task}inputMappings: [{{target: token, source: $context.task.token}}]}}")
    assert done.effects == [PublishMessage(4, "tell", 1, "paid", '{"token":"token-4"}')]
    done.returned({"MessageId": "M1"})
    assert done.detail("TaskSubmitted") == {"output": {"MessageId": "M1"}}
    done.report({"status": "success"})
    assert done.run.output == {"status": "success"}
