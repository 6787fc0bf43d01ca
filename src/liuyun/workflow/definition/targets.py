"""What a task calls, read from its resourceArn. The region and account of an ARN are not looked at: a flow always calls
what its own account has here, so that a definition taken from the vendor's cloud runs unchanged.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

from liuyun.workflow.definition.problems import Unfit


@dataclass(frozen=True, slots=True)
class FunctionTarget:
    """`service` is empty for functions of the third generation; `qualifier` is empty, an alias or a version."""

    service: str
    function: str
    qualifier: str


@dataclass(frozen=True, slots=True)
class TopicTarget:
    topic: str


@dataclass(frozen=True, slots=True)
class QueueTarget:
    queue: str


Target: TypeAlias = FunctionTarget | TopicTarget | QueueTarget

OWNER = r"[a-z0-9-]*:[0-9]*"  # region and account
NAME = r"[A-Za-z_][A-Za-z0-9_-]{0,127}"
QUALIFIER = r"[A-Za-z0-9_][A-Za-z0-9_-]{0,127}"
FUNCTION = re.compile(rf"acs:fc:{OWNER}:services/({NAME})(?:\.({QUALIFIER}))?/functions/({NAME})")
FUNCTION_3 = re.compile(rf"acs:fc:{OWNER}:functions/({NAME})(?:/({QUALIFIER}))?")
MESSAGES = re.compile(rf"acs:mns:{OWNER}:/(topics|queues)/([A-Za-z0-9][A-Za-z0-9_-]{{0,255}})/messages")
FLOW = re.compile(rf"acs:fnf:{OWNER}:flow/.*")

FORMS = (
    "acs:fc:::services/<service>[.<qualifier>]/functions/<function>",
    "acs:fc:::functions/<function>[/<qualifier>]",
    "acs:mns:::/topics/<topic>/messages",
    "acs:mns:::/queues/<queue>/messages",
)


class BadTarget(Unfit):
    pass


def parse_target(arn: str) -> Target:
    """Raises BadTarget."""
    if found := FUNCTION.fullmatch(arn):
        return FunctionTarget(found[1], found[3], found[2] or "")
    if found := FUNCTION_3.fullmatch(arn):
        return FunctionTarget("", found[1], found[2] or "")
    if found := MESSAGES.fullmatch(arn):
        return TopicTarget(found[2]) if found[1] == "topics" else QueueTarget(found[2])
    if FLOW.fullmatch(arn):
        raise BadTarget(
            "target_flow",
            "resourceArn {arn} names a flow; tasks that start flows aren't supported by this version",
            arn=arn,
        )
    raise BadTarget(
        "target_form",
        "resourceArn {arn} is none of the forms that a task can call: {forms}",
        arn=arn,
        forms=", ".join(FORMS),
    )
