from typing import cast

import pytest

from liuyun.errors import InvalidDefinition, phrase
from liuyun.workflow.definition import Problem, parse
from liuyun.workflow.definition.problems import MAX_PROBLEMS, did_you_mean
from tests.unit.workflow.definition.texts import flow_text, problems_of, step_problems

PASS = "- {type: pass, name: a}"
KINDS = "task, pass, choice, parallel, foreach, wait, succeed, fail"
HEADER = ("configTenant", "inputMappings", "name", "outputMappings", "steps", "timeoutSeconds", "type", "version")
UNCLOSED = "while parsing a flow sequence expected ',' or ']', but got '<stream end>'"


def test_a_problem_reads_as_a_line():
    """Place first, then the step, then what to do."""
    advice = phrase("steps_empty", "Do this.")
    assert str(Problem(4, 7, "pay", advice)) == "line 4, column 7, step pay: Do this."
    assert str(Problem(1, 1, "", advice)) == "line 1, column 1: Do this."


def test_all_problems_are_told_at_once_in_the_order_of_the_text():
    """Whoever fixes a definition wants to do it once."""
    problems = problems_of("""
version: v3
steps:
  - type: taks
    name: pay
  - type: pass
    name: pay
    ende: true
""")
    assert [(p.line, p.step, p.text) for p in problems] == [
        (2, "", "The flow needs type; write type: flow."),
        (2, "", 'version must be v1 or v1beta1, not "v3".'),
        (
            4,
            "pay",
            f'type must be one of {KINDS}, not "taks". Did you mean task?',
        ),
        (7, "pay", "The name pay is taken by the step in line 5; names are unique in a flow."),
        (8, "pay", "A pass step has no key ende. Did you mean end?"),
    ]


def test_the_error_lists_its_problems():
    """Its message is what a person reads, its facts are for programs."""
    with pytest.raises(InvalidDefinition) as caught:
        parse("version: v1\ntype: flow\n")
    assert str(caught.value) == "line 1, column 1: The flow needs steps; list at least one step."
    [problem] = cast("tuple[Problem]", caught.value.facts["problems"])
    assert (problem.line, problem.column, problem.text) == (1, 1, "The flow needs steps; list at least one step.")


def test_the_number_of_problems_is_bounded():
    """A file that is something else altogether shouldn't be answered with megabytes."""
    problems = problems_of(flow_text("\n".join(["- 5"] * 300)))
    assert len(problems) == MAX_PROBLEMS + 1
    assert problems[-1].text == "From here on there are 200 more problems."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("5", "A definition is a mapping with version, type and steps, not 5."),
        ("[]", "A definition is a mapping with version, type and steps, not a list."),
        (
            '{"Type": "StateMachine", "SpecVersion": "v1"}',
            "State-machine definitions aren't supported by this version; write version, type and steps.",
        ),
        (
            f"version: v1\ntype: flow\nsteps: [{PASS[2:]}]\ntimeoutSeconds: 0",
            "timeoutSeconds must be a whole number from 1 to 31622400, not 0.",
        ),
        (
            f"version: v1\ntype: flow\nsteps: [{PASS[2:]}]\nname: 5",
            'name must be a text, not 5; if a text is meant, write "5".',
        ),
        (f"version: v1\ntype: flow\nsteps: [{PASS[2:]}]\nname:", "name must be a text, not null."),
        (f"version: v1\ntype: flows\nsteps: [{PASS[2:]}]", 'type must be flow, not "flows".'),
        (f"version: 1\ntype: flow\nsteps: [{PASS[2:]}]", "version must be v1 or v1beta1, not 1."),
        (f"version: [v1]\ntype: flow\nsteps: [{PASS[2:]}]", "version must be v1 or v1beta1, not a list."),
        ("version: v1\ntype: flow\nsteps: []", "steps must list at least one step."),
        ("version: v1\ntype: flow\nsteps: {a: 1}", "steps must be a list of steps, not an object."),
        ("version: v1\ntype: flow\nsteps:", "steps must be a list of steps, not null."),
        (
            f"version: v1\ntype: flow\nstep: 1\nsteps: [{PASS[2:]}]",
            "The flow has no key step. Did you mean steps?",
        ),
        (
            f"version: v1\ntype: flow\nxyz: 1\nsteps: [{PASS[2:]}]",
            f"The flow has no key xyz. Known are {', '.join(HEADER)}.",
        ),
        (
            f"version: v1\ntype: flow\nsteps: [{PASS[2:]}]\nsteps: 1",
            "The key steps stands here twice (first in line 3); keep one.",
        ),
        (
            "[1",
            f"The definition is not valid YAML: {UNCLOSED}.",
        ),
    ],
)
def test_wrong_headers(text: str, problem: str):
    """Each mistake in the header has its own words."""
    assert [p.text for p in problems_of(text)] == [problem]


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ("- pass", 'A step must be a mapping with type and name, not "pass".'),
        ("- {name: a}", "A step needs type; it is one of task, pass, choice, parallel, foreach, wait, succeed, fail."),
        ("- {type: pass}", "A pass step needs name; give it a name of its own."),
        ("- {type: pass, name: 5}", 'name must be a text, not 5; if a text is meant, write "5".'),
        ('- {type: pass, name: ""}', "A step's name has 1 to 128 characters, all of them printable."),
        (f"- {{type: pass, name: {'x' * 129}}}", "A step's name has 1 to 128 characters, all of them printable."),
        ('- {type: pass, name: "a\\tb"}', "A step's name has 1 to 128 characters, all of them printable."),
        (
            "- {type: loop, name: a}",
            "Step type loop isn't supported; write a loop as a choice with a goto to an earlier step.",
        ),
        (
            "- {type: [pass], name: a}",
            "type must be one of task, pass, choice, parallel, foreach, wait, succeed, fail, not a list.",
        ),
        ("- {type: pass, name: a, end: yes}", 'end must be true or false, not "yes".'),
        (
            "- {type: succeed, name: a, end: true}",
            "A succeed step has no key end. Known are inputMappings, name, outputMappings, type.",
        ),
        ("- {type: fail, name: a, error: 5}", 'error must be a text, not 5; if a text is meant, write "5".'),
        (f"- {{type: fail, name: a, error: {'x' * 129}}}", "error has at most 128 characters."),
        (f"- {{type: fail, name: a, cause: {'x' * 4097}}}", "cause has at most 4096 characters."),
        ("- {type: wait, name: a}", "A wait step needs either duration (seconds) or timestamp (RFC 3339)."),
        (
            "- {type: wait, name: a, duration: 1, timestamp: $.t}",
            "A wait step needs either duration (seconds) or timestamp (RFC 3339).",
        ),
        ("- {type: wait, name: a, duration: -1}", "duration must be a number from 0 to 31622400, not -1."),
        ("- {type: wait, name: a, duration: true}", "duration must be a number from 0 to 31622400, not true."),
        (
            "- {type: wait, name: a, duration: $local.x}",
            "$local.x can't be read here; a path begins with $config, $context or $input here.",
        ),
        (
            "- {type: wait, name: a, timestamp: soon}",
            'timestamp must be an RFC 3339 time such as 2030-01-31T08:00:00Z, not "soon".',
        ),
        (
            "- {type: wait, name: a, timestamp: []}",
            "timestamp must be an RFC 3339 time such as 2030-01-31T08:00:00Z, not a list.",
        ),
        (
            "- {type: wait, name: a, timestamp: $x}",
            "$x is not a path: a path begins with $., $input, $local, $context or $config.",
        ),
    ],
)
def test_wrong_steps(steps: str, problem: str):
    """Each mistake in a step has its own words."""
    assert step_problems(steps) == [problem]


@pytest.mark.parametrize(
    ("mappings", "problem"),
    [
        ("5", "inputMappings must be a list of mappings, each with target and source, not 5."),
        ("[5]", "An entry of inputMappings must be a mapping with target and source, not 5."),
        ("[{source: 1}]", "An entry of inputMappings needs target; it is the key that the value gets."),
        ("[{target: a}]", "An entry of inputMappings needs source; it is a path such as $local.result, or a constant."),
        ("[{target: 5, source: 1}]", 'target must be a text, not 5; if a text is meant, write "5".'),
        ('[{target: "", source: 1}]', "target must not be empty."),
        ("[{target: a, source: $5}]", "$5 is not a path: a path begins with $., $input, $local, $context or $config."),
        ("[{target: a, source: 1, x: 2}]", "An entry of inputMappings has no key x. Known are source, target."),
    ],
)
def test_wrong_mappings(mappings: str, problem: str):
    """Each mistake in a mapping has its own words."""
    assert step_problems(f"- {{type: pass, name: a, inputMappings: {mappings}}}") == [problem]


@pytest.mark.parametrize(
    ("choice", "problem"),
    [
        ("x: 1", "A choice step needs choices; list branches, each with a condition and steps or goto."),
        ("choices: 5", "choices must be a list of branches, each with condition and steps or goto, not 5."),
        ("choices: []", "choices must list at least one branch."),
        ("choices: [5]", "A choice's branch must be a mapping with condition and steps or goto, not 5."),
        ("choices: [{goto: a}]", 'A choice\'s branch needs condition; write one such as $.status == "paid".'),
        ("choices: [{condition: true}]", 'condition must be a text, not true; if a text is meant, write "true".'),
        (
            "choices: [{condition: $.a = 1}]",
            'The condition "$.a = 1" is wrong: it can\'t be read at character 5, =: compare with ==.',
        ),
        ("choices: [{condition: $.a, goto: b}]", 'goto must name a step of the list it stands in (a), not "b".'),
        ("choices: [{condition: $.a, goto: 5}]", 'goto must be a text, not 5; if a text is meant, write "5".'),
        ("choices: [{condition: $.a, step: []}]", "A choice's branch has no key step. Did you mean steps?"),
        ("choices: [{condition: $.a, steps: 5}]", "steps must be a list of steps, not 5."),
        ("choices: [{condition: $.a}]\n  default: 5", "default must be a mapping with steps or goto, not 5."),
        ("choices: [{condition: $.a}]\n  default: {got: a}", "default has no key got. Did you mean goto?"),
    ],
)
def test_wrong_choices(choice: str, problem: str):
    """Each mistake in a choice has its own words."""
    assert problem in step_problems(f"- type: choice\n  name: a\n  {choice}")


STEPS = "steps: [{type: pass, name: b}]"
ITERATION = "iterationMapping: {collection: $.l, item: i}"


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("parallel, name: a", "A parallel step needs branches; list branches, each with steps."),
        ("parallel, name: a, branches: 5", "branches must be a list of branches, each with steps, not 5."),
        ("parallel, name: a, branches: []", "branches must list 1 to 100 branches, not 0."),
        ("parallel, name: a, branches: [5]", "A parallel branch must be a mapping with steps, not 5."),
        ("parallel, name: a, branches: [{}]", "A parallel branch needs steps; list at least one step."),
        ("parallel, name: a, branches: [{steps: []}]", "steps must list at least one step."),
        (f"parallel, name: a, branches: [{{{STEPS}, x: 1}}]", "A parallel branch has no key x. Known are steps."),
        (f"foreach, name: a, {STEPS}", "A foreach step needs iterationMapping; write one with collection and item."),
        (f"foreach, name: a, {ITERATION}", "A foreach step needs steps; list at least one step."),
        (
            f"foreach, name: a, {STEPS}, iterationMapping: 5",
            "iterationMapping must be a mapping with collection and item, not 5.",
        ),
        (
            f"foreach, name: a, {STEPS}, iterationMapping: {{item: i}}",
            "iterationMapping needs collection; it is the path of a list, such as $.names.",
        ),
        (
            f"foreach, name: a, {STEPS}, iterationMapping: {{item: i, collection: [1]}}",
            "collection must be a text, not a list.",
        ),
        (
            f"foreach, name: a, {STEPS}, iterationMapping: {{item: i, collection: names}}",
            "names is not a path: a path begins with $., $input, $local, $context or $config.",
        ),
        (
            f"foreach, name: a, {STEPS}, iterationMapping: {{collection: $.l}}",
            "iterationMapping needs item; it is the key under which the steps see the element.",
        ),
        (
            f"foreach, name: a, {STEPS}, iterationMapping: {{collection: $.l, item: i, x: 1}}",
            "iterationMapping has no key x. Known are collection, index, item.",
        ),
    ],
)
def test_wrong_branches(step: str, problem: str):
    """Each mistake in a parallel or foreach step has its own words."""
    assert step_problems(f"- {{type: {step}}}") == [problem]


def test_a_parallel_step_has_a_hundred_branches_at_most():
    """The vendor's limit."""
    branches = ", ".join(f"{{steps: [{{type: pass, name: p{n}}}]}}" for n in range(101))
    assert step_problems(f"- {{type: parallel, name: a, branches: [{branches}]}}") == [
        "branches must list 1 to 100 branches, not 101."
    ]


def test_a_goto_into_another_list_is_a_problem():
    """Only siblings can be reached."""
    steps = """
        - type: choice
          name: outer
          choices:
            - condition: $.a
              steps: [{type: choice, name: inner, choices: [{condition: $.a, goto: outer}]}]
    """
    assert step_problems(steps) == ['goto must name a step of the list it stands in (inner), not "outer".']


def test_long_lists_of_siblings_are_cut():
    """Ten names are enough of a reminder."""
    steps = "\n".join(f"- {{type: pass, name: p{n}}}" for n in range(12))
    steps += "\n- {type: choice, name: c, choices: [{condition: $.a, goto: zzz}]}"
    (problem,) = step_problems(steps)
    assert problem.endswith('(p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, …), not "zzz".')


def test_names_are_unique_across_lists():
    """A step is known by its name alone, in the history and in tokens."""
    steps = """
        - type: choice
          name: a
          choices: [{condition: $.a, steps: [{type: pass, name: a}]}]
    """
    assert step_problems(steps) == ["The name a is taken by the step in line 5; names are unique in a flow."]


def test_hints_are_only_sought_where_that_is_quick():
    """A hostile definition must not make the search for similar words take minutes."""
    assert did_you_mean("timeout" + "s" * 200, ["timeouts" + "s" * 199]) == ""
    assert did_you_mean("last", [f"step{n}" for n in range(100)] + ["lasts"]) == ""
