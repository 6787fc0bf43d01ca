import pytest

from liuyun.workflow.definition import parse
from tests.unit.workflow.definition.texts import FUNCTION, flow_text, step_problems, task_problems


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (
            "pattern: sync",
            'pattern must be requestResponse or waitForCallback, not "sync". sync is for tasks that start flows.',
        ),
        (
            "pattern: waitForCallBack",
            'pattern must be requestResponse or waitForCallback, not "waitForCallBack". Did you mean waitForCallback?',
        ),
        ("pattern: 5", 'pattern must be a text, not 5; if a text is meant, write "5".'),
        ("timeoutSeconds: soon", 'timeoutSeconds must be a whole number from 1 to 31622400, not "soon".'),
        ("timeoutSeconds: 1.5", "timeoutSeconds must be a whole number from 1 to 31622400, not 1.5."),
        ("timeoutSecond: 1", "A task step has no key timeoutSecond. Did you mean timeoutSeconds?"),
        (
            "serviceParams: {a: 1}",
            "A function takes no serviceParams; the function's event is the step's input, so use inputMappings.",
        ),
        ("retry: 5", "retry must be a list of entries with errors, not 5."),
        ("retry: [5]", "A retry entry must be a mapping with errors, not 5."),
        ("retry: [{}]", "A retry entry needs errors; list error names, or FnF.ALL for all."),
        ("retry: [{errors: FnF.ALL}]", 'errors must be a list of error names, not "FnF.ALL".'),
        ("retry: [{errors: []}]", "errors must list at least one error name; FnF.ALL stands for all."),
        ("retry: [{errors: [5]}]", 'an error name must be a text, not 5; if a text is meant, write "5".'),
        ('retry: [{errors: [""]}]', "An error name has 1 to 128 characters."),
        (
            "retry: [{errors: [E], intervalSeconds: 86401}]",
            "intervalSeconds must be a number from 0 to 86400, not 86401.",
        ),
        (
            "retry: [{errors: [E], maxIntervalSeconds: -1}]",
            "maxIntervalSeconds must be a number from 0 to 86400, not -1.",
        ),
        ("retry: [{errors: [E], maxAttempts: 1.5}]", "maxAttempts must be a whole number from 0 to 5000, not 1.5."),
        ("retry: [{errors: [E], multiplier: 101}]", "multiplier must be a number from 0 to 100, not 101."),
        ("retry: [{errors: [E], attempts: 1}]", "A retry entry has no key attempts. Did you mean maxAttempts?"),
        ("catch: [5]", "A catch entry must be a mapping with errors and goto, not 5."),
        ("catch: [{errors: [E]}]", "A catch entry needs goto; it names the step of this list that handles the error."),
        (
            "catch: [{errors: [E], goto: py}]",
            'goto must name a step of the list it stands in (pay), not "py". Did you mean pay?',
        ),
        (
            "catch: [{errors: [E], goto: pay, steps: []}]",
            "steps inside catch aren't supported by this version; go to a step of this list with goto.",
        ),
        ("errorMappings: 5", "errorMappings must be a list of mappings, each with target and source, not 5."),
    ],
)
def test_wrong_tasks(fields: str, problem: str):
    """Each mistake in a task has its own words."""
    assert problem in task_problems(fields)


@pytest.mark.parametrize(
    ("task", "problem"),
    [
        ("x: 1", "A task step needs resourceArn; write resourceArn: acs:fc:::services/<service>/functions/<function>."),
        ("resourceArn: 5", 'resourceArn must be a text, not 5; if a text is meant, write "5".'),
        ("action: a:b", "action isn't supported by this version; name a function, a topic or a queue in resourceArn."),
        (
            "resourceArn: acs:fnf:::flow/x",
            "resourceArn acs:fnf:::flow/x names a flow; tasks that start flows aren't supported by this version.",
        ),
        (
            "resourceArn: acs:mns:::/topics/t/messages",
            "A task step needs serviceParams; write serviceParams with MessageBody: $ to send the step's input.",
        ),
        ("resourceArn: acs:mns:::/topics/t/messages\n  serviceParams: 5", "serviceParams must be a mapping, not 5."),
        (
            "resourceArn: acs:mns:::/topics/t/messages\n  serviceParams: {}",
            "serviceParams needs MessageBody; write MessageBody: $ to send the step's input.",
        ),
        (
            "resourceArn: acs:mns:::/topics/t/messages\n  serviceParams: {MessageBody: $local}",
            "$local can't be read here; a path begins with $config, $context or $input here.",
        ),
        (
            "resourceArn: $.function",
            "resourceArn can come from $config, as in $config.route[$.method].function, not from $.function.",
        ),
        (
            "resourceArn: $config.route",
            "$config is read by schema and key, as in $config.route.weixin or $config.route[$.method].",
        ),
        (
            "resourceArn: '$config.route[$local.x]'",
            "$config.route[$local.x] can't be read here; a path begins with $config, $context or $input here.",
        ),
        (
            "resourceArn: $config.route.x\n  serviceParams: {MessageTag: a, Priority: 20}",
            "Priority must be a whole number from 1 to 16, not 20.",
        ),
        (
            "resourceArn: acs:mns:::/topics/t/messages\n  serviceParams: {MessageBody: $, Priority: 1}",
            "serviceParams has no key Priority. Known are MessageAttributes, MessageBody, MessageTag.",
        ),
        (
            "resourceArn: acs:mns:::/topics/t/messages\n  serviceParams: {MessageBody: $, MessageTag: 5}",
            'MessageTag must be a text, not 5; if a text is meant, write "5".',
        ),
        (
            "resourceArn: acs:mns:::/topics/t/messages\n  serviceParams: {MessageBody: $, MessageAttributes: 5}",
            "MessageAttributes must be a mapping, not 5.",
        ),
        (
            "resourceArn: acs:mns:::/queues/q/messages\n  serviceParams: {MessageBody: $, Priority: 17}",
            "Priority must be a whole number from 1 to 16, not 17.",
        ),
        (
            "resourceArn: acs:mns:::/queues/q/messages\n  serviceParams: {MessageBody: $, DelaySeconds: soon}",
            'DelaySeconds must be a whole number from 0 to 604800, not "soon".',
        ),
    ],
)
def test_wrong_targets(task: str, problem: str):
    """Each mistake in what a task calls has its own words."""
    assert problem in step_problems(f"- type: task\n  name: pay\n  {task}")


def test_long_values_are_cut_in_messages():
    """The place says enough to find them."""
    assert task_problems(f"pattern: {'x' * 100}")[0] == (
        f'pattern must be requestResponse or waitForCallback, not "{"x" * 36}….'
    )


def test_a_definition_with_a_good_task_has_no_problems():
    """The fixtures of this module are sound where they should be."""
    assert parse(flow_text(f"- {{type: task, name: a, resourceArn: '{FUNCTION}'}}")).steps[0].name == "a"
