"""What a task calls. A route is data if the definition takes it from the configuration.

Such a route is read once, for the first attempt, and stands in TaskScheduled: whatever becomes of the configuration,
what was asked and whom further attempts ask is in the history.
"""

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
        value = "nothing" if found is MISSING else compact(found)[:MAX_SHOWN]
        raise BadTarget(f"resourceArn {task.resource_arn} must lead to an ARN, but the configuration has {value}")
    target = parse_target(found)
    if isinstance(target, FunctionTarget) == bool(task.params):
        raise BadTarget(f"resourceArn {found} {FUNCTION if task.params else MESSAGE}")
    return found, target


def target_of(task: Task, frame: Frame) -> Target:
    """Of a task that has begun an attempt."""
    return parse_target(frame.resource_arn) if isinstance(task.target, Path) else task.target


FUNCTION = "names a function, which takes no serviceParams; use inputMappings"
MESSAGE = "names a topic or queue, so the step needs serviceParams with MessageBody"
