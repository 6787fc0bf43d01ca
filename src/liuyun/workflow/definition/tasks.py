"""Reading a task: what it calls, with what, and what happens when that fails."""

from liuyun.workflow.definition.bounds import (
    DELAYS_S,
    MAX_ATTEMPTS,
    MAX_ERROR,
    MAX_INTERVAL_S,
    MAX_MULTIPLIER,
    MAX_TIMEOUT_S,
    PRIORITIES,
)
from liuyun.workflow.definition.document import Node, Scalar, Table
from liuyun.workflow.definition.fields import Fields, Reading, as_path, as_text, shown
from liuyun.workflow.definition.mappings import INPUT, read_mappings, read_template
from liuyun.workflow.definition.paths import Path, Root
from liuyun.workflow.definition.problems import did_you_mean
from liuyun.workflow.definition.steps import Catch, Pattern, Retry, Shared, Task, Template
from liuyun.workflow.definition.targets import BadTarget, FunctionTarget, QueueTarget, Target, TopicTarget, parse_target

MAX_SHOWN = 10  # names in a message


def read_task(fields: Fields, shared: Shared) -> Task | None:
    target = read_target(fields)
    pattern = read_pattern(fields)
    timeout_s = fields.whole("timeoutSeconds", 1, MAX_TIMEOUT_S)
    params = read_params(fields, target)
    error_mappings = read_mappings(fields, "errorMappings") or ()
    retry = [read_retry(node, fields.reading) for node in fields.items("retry", "entries with errors")]
    catch = [read_catch(node, fields.reading) for node in fields.items("catch", "entries with errors and goto")]
    arn = fields.take("resourceArn")
    if target is None or not isinstance(arn, Scalar):
        return None
    return Task(
        **shared,
        resource_arn=arn.text,
        target=target,
        pattern=pattern,
        timeout_s=timeout_s,
        params=params,
        error_mappings=error_mappings,
        retry=tuple(entry for entry in retry if entry is not None),
        catch=tuple(entry for entry in catch if entry is not None),
    )


def read_target(fields: Fields) -> Target | Path | None:
    action = fields.take("action")
    if action is not None:
        fields.take("resourceArn")
        advice = "name a function, a topic or a queue in resourceArn"
        fields.reading.add(action, f"action isn't supported by this version; {advice}.")
        return None
    node = fields.require("resourceArn", "write resourceArn: acs:fc:::services/<service>/functions/<function>")
    arn = fields.text("resourceArn")
    if node is None or arn is None:
        return None
    if arn.startswith("$"):
        return read_route(node, arn, fields.reading)
    try:
        return parse_target(arn)
    except BadTarget as error:
        fields.reading.add(node, f"{error}.")
        return None


def read_route(node: Node, text: str, reading: Reading) -> Path | None:
    """Who starts an execution gives its input, and mustn't choose among all functions of the account with it."""
    path = as_path(node, text, reading, INPUT)
    if path is None or path.root is Root.CONFIG:
        return path
    reading.add(node, f"resourceArn can come from $config, as in $config.route[$.method].function, not from {text}.")
    return None


def read_pattern(fields: Fields) -> Pattern:
    node, text = fields.take("pattern"), fields.text("pattern")
    if node is None or text is None:
        return Pattern.REQUEST_RESPONSE
    if text in set(Pattern):
        return Pattern(text)
    hint = " sync is for tasks that start flows." if text == "sync" else did_you_mean(text, Pattern)
    fields.reading.add(node, f"pattern must be {' or '.join(Pattern)}, not {shown(node)}.{hint}")
    return Pattern.REQUEST_RESPONSE


def read_params(fields: Fields, target: Target | Path | None) -> dict[str, Template]:
    node = fields.take("serviceParams")
    if target is None:
        return {}
    if isinstance(target, FunctionTarget):
        if node is not None:
            advice = "the function's event is the step's input, so use inputMappings"
            fields.reading.add(node, f"A function takes no serviceParams; {advice}.")
        return {}
    if node is None and isinstance(target, Path):
        return {}
    if node is None:
        fields.require("serviceParams", "write serviceParams with MessageBody: $ to send the step's input")
    elif isinstance(node, Table):
        return read_message(Fields(node, fields.reading, "serviceParams"), target)
    else:
        fields.reading.add(node, f"serviceParams must be a mapping, not {shown(node)}.")
    return {}


def read_message(fields: Fields, target: TopicTarget | QueueTarget | Path) -> dict[str, Template]:
    fields.require("MessageBody", "write MessageBody: $ to send the step's input")
    known = ("MessageBody",)
    if not isinstance(target, QueueTarget):
        known += ("MessageTag", "MessageAttributes")
        fields.text("MessageTag")
        attributes = fields.take("MessageAttributes")
        if attributes is not None and not (isinstance(attributes, Table) or is_path(attributes)):
            fields.reading.add(attributes, f"MessageAttributes must be a mapping, not {shown(attributes)}.")
    if not isinstance(target, TopicTarget):
        known += ("Priority", "DelaySeconds")
        for key, (low, high) in (("Priority", PRIORITIES), ("DelaySeconds", DELAYS_S)):
            if not is_path(fields.take(key)):
                fields.whole(key, low, high)
    fields.close(known)
    nodes = fields.table.nodes
    return {key: read_template(nodes[key], fields.reading) for key in known if key in nodes}


def is_path(node: Node | None) -> bool:
    return isinstance(node, Scalar) and isinstance(node.value, str) and node.value.startswith("$")


def read_retry(node: Node, reading: Reading) -> Retry | None:
    if not isinstance(node, Table):
        reading.add(node, f"A retry entry must be a mapping with errors, not {shown(node)}.")
        return None
    fields = Fields(node, reading, "A retry entry")
    errors = read_errors(fields)
    interval_s = fields.number("intervalSeconds", 0, MAX_INTERVAL_S)
    max_interval_s = fields.number("maxIntervalSeconds", 0, MAX_INTERVAL_S)
    max_attempts = fields.whole("maxAttempts", 0, MAX_ATTEMPTS)
    multiplier = fields.number("multiplier", 0, MAX_MULTIPLIER)
    fields.close()
    default = Retry(errors)
    return Retry(
        errors,
        interval_s=default.interval_s if interval_s is None else interval_s,
        max_interval_s=default.max_interval_s if max_interval_s is None else max_interval_s,
        max_attempts=default.max_attempts if max_attempts is None else max_attempts,
        multiplier=default.multiplier if multiplier is None else multiplier,
    )


def read_catch(node: Node, reading: Reading) -> Catch | None:
    if not isinstance(node, Table):
        reading.add(node, f"A catch entry must be a mapping with errors and goto, not {shown(node)}.")
        return None
    fields = Fields(node, reading, "A catch entry")
    errors = read_errors(fields)
    steps = fields.take("steps")
    if steps is not None:
        reading.add(steps, "steps inside catch aren't supported by this version; go to a step of this list with goto.")
    fields.require("goto", "it names the step of this list that handles the error")
    goto = read_goto(fields)
    fields.close()
    return Catch(errors, goto)


def read_errors(fields: Fields) -> tuple[str, ...]:
    node = fields.require("errors", "list error names, or FnF.ALL for all")
    if node is None:
        return ()
    nodes = fields.items("errors", "error names")
    names = [as_text(item, "an error name", fields.reading) for item in nodes]
    if not names:
        fields.reading.add(node, "errors must list at least one error name; FnF.ALL stands for all.")
    for item, name in zip(nodes, names, strict=True):
        if name is not None and not 0 < len(name) <= MAX_ERROR:
            fields.reading.add(item, f"An error name has 1 to {MAX_ERROR} characters.")
    return tuple(name for name in names if name)


def read_goto(fields: Fields) -> str:
    """The sibling that goto names; empty if there is no goto."""
    node, name = fields.take("goto"), fields.text("goto")
    if node is None or name is None:
        return ""
    siblings = fields.reading.siblings
    if name not in siblings:
        own = ", ".join(siblings[:MAX_SHOWN]) + (", …" if len(siblings) > MAX_SHOWN else "")
        hint = did_you_mean(name, siblings)
        fields.reading.add(node, f"goto must name a step of the list it stands in ({own}), not {shown(node)}.{hint}")
    return name
