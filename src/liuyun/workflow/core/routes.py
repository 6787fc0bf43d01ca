"""What a task calls. A route is data if the definition takes it from the configuration.

Such a route is read once, for the first attempt, and stands in TaskScheduled: whatever becomes of the configuration,
what was asked and whom further attempts ask is in the history.
"""

from liuyun.errors import phrase
from liuyun.workflow.core.mappings import Outside, lookup
from liuyun.workflow.core.run import Frame
from liuyun.workflow.definition.paths import MISSING, Path
from liuyun.workflow.definition.steps import Task
from liuyun.workflow.definition.targets import BadTarget, FunctionTarget, Target, parse_target
from liuyun.workflow.documents import compact

MAX_SHOWN = 200  # characters of a wrong target in its message


def resolved(task: Task, frame: Frame, outside: Outside) -> tuple[str, Target]:
    """The ARN and what it names. Raises BadTarget."""
    if not isinstance(task.target, Path):
        return task.resource_arn, task.target
    if frame.resource_arn:
        return frame.resource_arn, parse_target(frame.resource_arn)
    found = lookup(task.target, frame.input, {}, outside)
    if not isinstance(found, str):
        value = phrase("kind_nothing", "nothing") if found is MISSING else compact(found)[:MAX_SHOWN]
        template = "resourceArn {arn} must lead to an ARN, but the configuration has {value}"
        raise BadTarget("route_no_arn", template, arn=task.resource_arn, value=value)
    target = parse_target(found)
    if isinstance(target, FunctionTarget) and task.params:
        template = "resourceArn {arn} names a function, which takes no serviceParams; use inputMappings"
        raise BadTarget("route_function", template, arn=found)
    if not isinstance(target, FunctionTarget) and not task.params:
        template = "resourceArn {arn} names a topic or queue, so the step needs serviceParams with MessageBody"
        raise BadTarget("route_message", template, arn=found)
    return found, target


def target_of(task: Task, frame: Frame) -> Target:
    """Of a task that has begun an attempt."""
    return parse_target(frame.resource_arn) if isinstance(task.target, Path) else task.target
