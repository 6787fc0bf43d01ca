"""Timeouts, attempts and catches."""

import pytest

from liuyun.workflow.core.decision import Refusal
from liuyun.workflow.core.retry import Grant, catcher, grant
from liuyun.workflow.core.run import Status
from liuyun.workflow.definition.steps import Catch, Retry
from tests.unit.workflow.core.play import Play, play
from tests.unit.workflow.definition.texts import FUNCTION

TASK = f"type: task, name: pay, resourceArn: '{FUNCTION}'"


def retrying(entry: str, more: str = "") -> Play:
    return play(f"- {{{TASK}, retry: [{entry}]{more}}}\n- {{type: pass, name: rescue}}")


def test_the_interval_grows_by_the_multiplier():
    """10, 20, 40 seconds, as the vendor's documentation tells."""
    retry = Retry(("E",), interval_s=10, max_attempts=4, max_interval_s=50)
    grants = [grant([retry], {0: used}, "E") for used in range(5)]
    assert [g and g.after_ms for g in grants] == [10_000, 20_000, 40_000, 50_000, None]


def test_huge_growth_ends_at_the_longest_interval():
    """The power overflows long before the attempts end."""
    retry = Retry(("E",), max_attempts=5000, multiplier=100)
    assert grant([retry], {0: 4000}, "E") == Grant(0, 4001, 86_400_000)


def test_only_the_first_entry_that_covers_an_error_counts():
    """Once it is used up, later entries don't help; other errors have counters of their own."""
    retries = [Retry(("A",), max_attempts=1), Retry(("FnF.ALL",), max_attempts=1)]
    assert grant(retries, {}, "A") == Grant(0, 1, 1000)
    assert grant(retries, {0: 1}, "A") is None
    assert grant(retries, {0: 1}, "B") == Grant(1, 1, 1000)
    assert grant([], {}, "A") is None


def test_the_first_catch_that_covers_an_error_is_taken():
    """FnF.ALL covers every name."""
    catches = [Catch(("A", "B"), "x"), Catch(("FnF.ALL",), "y")]
    assert [c and c.goto for c in (catcher(catches, "B"), catcher(catches, "C"), catcher(catches[:1], "C"))] == [
        "x",
        "y",
        None,
    ]


def test_a_covered_failure_is_tried_again_after_its_interval():
    """The history tells when, and the links run through the failed attempt."""
    done = retrying("{errors: [FC.Unknown], intervalSeconds: 1, maxAttempts: 2, multiplier: 2}")
    begun = done.now
    done.failed("FC.Unknown", "boom")
    assert done.detail("TaskFailed") == {
        "error": "FC.Unknown",
        "cause": "boom",
        "retryAfterSeconds": 1.0,
        "retryCount": 1,
    }
    done.ring()
    done.failed("FC.Unknown", "boom")
    done.ring()
    assert done.now - begun == 3000
    done.returned({"ok": 1})
    assert [call.attempt for call in done.calls] == [1, 2, 3]
    assert done.types[3:14] == [
        "TaskScheduled",
        "TaskStarted",
        "TaskFailed",
        "TaskScheduled",
        "TaskStarted",
        "TaskFailed",
        "TaskScheduled",
        "TaskStarted",
        "TaskSucceeded",
        "StepSucceeded",
        "StepExited",
    ]
    assert [event.follows for event in done.history] == list(range(len(done.history)))
    assert done.run.output == {"ok": 1}


def test_retries_used_up_lead_to_the_catch():
    """First retry, then catch."""
    done = retrying("{errors: [E], maxAttempts: 1}", ", catch: [{errors: [E], goto: rescue}]")
    done.failed("E")
    done.ring()
    done.failed("E")
    assert done.steps() == ["pay", "rescue"]
    assert done.run.status is Status.SUCCEEDED


def test_an_uncovered_failure_is_not_tried_again():
    """The first failure is the last."""
    done = retrying("{errors: [FC.Unknown]}")
    done.failed("BookHotelError")
    assert (done.run.status, done.run.error) == (Status.FAILED, "BookHotelError")


def test_no_attempts_means_no_retry():
    """maxAttempts counts the retries, not the first attempt."""
    done = retrying("{errors: [E], maxAttempts: 0}")
    done.failed("E")
    assert done.run.status is Status.FAILED


def test_counters_begin_anew_when_a_step_is_entered_again():
    """Each visit has all its retries."""
    done = play(f"- {{{TASK}, retry: [{{errors: [E], maxAttempts: 1}}], catch: [{{errors: [E], goto: pay}}]}}")
    for _ in range(2):
        done.failed("E")
        done.ring()
        done.failed("E")
    assert [call.attempt for call in done.calls] == [1, 2, 1, 2, 1]


def test_every_attempt_has_a_token_of_its_own():
    """The old one is worthless; the new one is in the renewed input."""
    mapping = "inputMappings: [{target: token, source: $context.task.token}, {target: k, source: $input.k}]"
    done = play(f"- {{{TASK}, pattern: waitForCallback, {mapping}, retry: [{{errors: [E]}}]}}", {"k": 1})
    done.returned({})
    done.report_failed("E")
    done.ring()
    assert done.call.event_id == 8
    assert done.detail("TaskScheduled")["input"] == {"token": "token-8", "k": 1}
    assert done.report({}, event_id=4).refusal is Refusal.TASK_COMPLETED
    done.report({"fine": 1}, event_id=8)
    assert done.run.output == {"fine": 1}


def test_output_mappings_see_the_renewed_input():
    """The step's input is that of its last attempt."""
    mappings = (
        "inputMappings: [{target: token, source: $context.task.token}], "
        "outputMappings: [{target: t, source: $input.token}]"
    )
    done = play(f"- {{{TASK}, pattern: waitForCallback, {mappings}, retry: [{{errors: [E]}}]}}")
    done.report_failed("E")
    done.ring()
    done.report({})
    assert done.run.output == {"t": "token-8"}


@pytest.mark.parametrize("mappings", ["", ", inputMappings: [{target: k, source: $input.k}]"])
def test_an_input_without_a_token_is_the_same_for_every_attempt(mappings: str):
    """It stands in the history once."""
    done = play(f"- {{{TASK}, pattern: waitForCallback{mappings}, retry: [{{errors: [E]}}]}}", {"k": 1})
    done.failed("E")
    done.ring()
    assert "input" not in done.detail("TaskScheduled")
    assert [call.payload for call in done.calls] == ['{"k":1}', '{"k":1}']  # type: ignore[union-attr]


def test_a_timer_of_an_attempt_that_is_over_changes_nothing():
    """Timers are not cancelled; they fire into an empty decision."""
    done = play(f"- {{{TASK}, timeoutSeconds: 5}}\n- {{type: wait, name: w, duration: 60}}")
    timeout = done.timers[0]
    done.returned({})
    done.effects = [timeout]
    assert done.ring().events == ()


def test_a_task_times_out_after_its_seconds():
    """Catchable under a name of its own."""
    done = play(
        f"- {{{TASK}, timeoutSeconds: 2, catch: [{{errors: [FnF.TaskTimeout], goto: rescue}}]}}\n"
        "- {type: pass, name: unreached}\n- {type: pass, name: rescue}"
    )
    begun = done.now
    done.ring()
    assert done.now - begun == 2000
    assert done.types[5:8] == ["TaskTimedOut", "StepFailed", "StepExited"]
    assert done.detail("TaskTimedOut")["error"] == "FnF.TaskTimeout"
    assert done.steps() == ["pay", "rescue"]
    assert done.returned({}).events == ()


def test_a_callback_task_times_out_while_it_waits_for_its_report():
    """And a report after that is refused."""
    done = play(f"- {{{TASK}, pattern: waitForCallback, timeoutSeconds: 2}}")
    done.returned({})
    done.ring()
    assert done.run.error == "FnF.TaskTimeout"
    assert done.report({}).refusal is Refusal.TASK_COMPLETED


def test_every_attempt_has_its_whole_timeout():
    """The time of one attempt isn't taken from the next."""
    done = play(f"- {{{TASK}, timeoutSeconds: 2, retry: [{{errors: [FnF.TaskTimeout], maxAttempts: 1}}]}}")
    done.ring()
    done.ring()
    scheduled = done.now
    done.ring()
    assert done.now - scheduled == 2000
    assert done.run.error == "FnF.TaskTimeout"


def test_error_mappings_pass_on_what_went_wrong():
    """Error, cause, and code as another name of error; also input and constants."""
    done = play(
        f"""
        - {{{TASK}, catch: [{{errors: [FnF.ALL], goto: rescue}}], errorMappings: [
            {{target: e, source: $local.error}}, {{target: c, source: $local.cause}},
            {{target: d, source: $local.code}},
            {{target: i, source: $input.id}}, {{target: k, source: 1}}, {{target: s, source: $context.step.name}}]}}
        - {{type: pass, name: rescue}}
        """,
        {"id": 7},
    )
    done.failed("BookHotelError", "full")
    expected = {"e": "BookHotelError", "c": "full", "d": "BookHotelError", "i": 7, "k": 1, "s": "pay"}
    assert done.detail("StepExited", "pay") == {"local": expected}
    assert done.detail("StepStarted", "rescue") == {"input": {"id": 7, **expected}}


def test_without_error_mappings_a_caught_failure_leaves_nothing():
    """Output mappings are for results."""
    done = play(
        f"- {{{TASK}, outputMappings: [{{target: x, source: 1}}], catch: [{{errors: [E], goto: rescue}}]}}\n"
        "- {type: pass, name: rescue}"
    )
    done.failed("E")
    assert done.run.output == {}


def test_a_catch_inside_a_branch_leads_to_a_sibling_there():
    """The choice around never learns of the failure."""
    done = play(f"""
        - type: choice
          name: pick
          choices:
            - condition: "true"
              steps:
                - {{{TASK}, catch: [{{errors: [E], goto: rescue}}]}}
                - {{type: pass, name: unreached}}
                - {{type: pass, name: rescue}}
    """)
    done.failed("E")
    assert done.steps() == ["pick", "pay", "rescue"]
    assert done.run.status is Status.SUCCEEDED
