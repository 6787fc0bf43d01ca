import pytest

from liuyun.workflow.core.explain import Reason, Waiting, explain
from tests.unit.workflow.core.play import play
from tests.unit.workflow.definition.texts import FUNCTION

TASK = f"type: task, name: pay, resourceArn: '{FUNCTION}'"


def test_a_function_is_waited_for_until_its_timeout():
    """Without one, without end."""
    done = play(f"- {{{TASK}, timeoutSeconds: 5}}")
    assert explain(done.flow, done.run) == (
        Waiting("pay", "pay", "function orders/pay", 1_000_000, 1_005_000, 4, Reason.FUNCTION, "orders/pay", 1),
    )


@pytest.mark.parametrize(
    ("task", "for_what"),
    [
        ("resourceArn: 'acs:fc:::functions/pay'", "function pay"),
        (
            "resourceArn: 'acs:mns:::/topics/t/messages', serviceParams: {MessageBody: $}",
            "topic t to take its message",
        ),
        (
            "resourceArn: 'acs:mns:::/queues/q/messages', serviceParams: {MessageBody: $}",
            "queue q to take its message",
        ),
    ],
)
def test_other_targets_have_their_names(task: str, for_what: str):
    """So that whoever looks knows where to look next."""
    done = play(f"- {{type: task, name: a, {task}}}")
    assert [waiting.for_what for waiting in explain(done.flow, done.run)] == [for_what]


def test_a_report_is_waited_for_after_the_call():
    """Since the call returned."""
    done = play(f"- {{{TASK}, pattern: waitForCallback}}")
    done.now += 500
    done.returned({})
    assert explain(done.flow, done.run) == (
        Waiting("pay", "pay", "a report with its task token", 1_000_500, None, 4, Reason.REPORT, "orders/pay", 1),
    )


def test_the_next_attempt_is_waited_for_after_a_failure():
    """Until its interval is over."""
    done = play(f"- {{{TASK}, retry: [{{errors: [E], intervalSeconds: 3}}]}}")
    done.failed("E")
    assert explain(done.flow, done.run) == (
        Waiting("pay", "pay", "the time of attempt 2", 1_000_000, 1_003_000, 6, Reason.RETRY, "orders/pay", 1),
    )


def test_a_wait_inside_a_branch_waits_for_its_time():
    """The choice around it waits for nothing from outside."""
    done = play("""
        - type: choice
          name: pick
          choices: [{condition: "true", steps: [{type: wait, name: w, duration: 2}]}]
    """)
    assert explain(done.flow, done.run) == (Waiting("pick/0/w", "w", "its time", 1_000_000, 1_002_000, 5, Reason.TIME),)


def test_an_ended_run_waits_for_nothing():
    """Neither does one that hasn't started."""
    done = play("- {type: pass, name: a}")
    assert explain(done.flow, done.run) == ()
