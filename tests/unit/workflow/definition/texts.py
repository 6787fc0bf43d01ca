"""Definitions for tests: only the steps are written."""

from textwrap import dedent, indent

import pytest

from liuyun.errors import InvalidDefinition
from liuyun.workflow.definition import Flow, Problem, parse
from liuyun.workflow.definition.steps import Step

FUNCTION = "acs:fc:::services/orders/functions/pay"


def flow_text(steps: str, header: str = "") -> str:
    return f"version: v1\ntype: flow\n{dedent(header)}steps:\n{indent(dedent(steps).strip(), '  ')}\n"


def flow_of(steps: str, header: str = "") -> Flow:
    return parse(flow_text(steps, header))


def step_of(text: str) -> Step:
    return flow_of(text).steps[0]


def problems_of(text: str) -> list[Problem]:
    with pytest.raises(InvalidDefinition) as caught:
        parse(text)
    return list(caught.value.facts["problems"])  # type: ignore[call-overload]


def step_problems(steps: str) -> list[str]:
    return [problem.text for problem in problems_of(flow_text(steps))]


def task_problems(fields: str) -> list[str]:
    """Of a task with a good resourceArn and these further fields, one a line."""
    text = f"- type: task\n  name: pay\n  resourceArn: {FUNCTION}\n" + indent(dedent(fields).strip(), "  ")
    return step_problems(text)
