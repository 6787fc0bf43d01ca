"""Reading a task: what it calls, with what, and what happens when that fails."""

from liuyun.errors import phrase
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
from liuyun.workflow.definition.problems import did_you_mean, one_of
from liuyun.workflow.definition.steps import Catch, Pattern, Retry, Shared, Task, Template
from liuyun.workflow.definition.targets import BadTarget, FunctionTarget, QueueTarget, Target, TopicTarget, parse_target

MAX_SHOWN = 10  # names in a message


def read_task(fields: Fields, shared: Shared) -> Task | None:
    target = read_target(fields)
    pattern = read_pattern(fields)
    timeout_s = fields.whole("timeoutSeconds", 1, MAX_TIMEOUT_S)
    params = read_params(fields, target)
    error_mappings = read_mappings(fields, "errorMappings") or ()
    retry = [
        read_retry(node, fields.reading) for node in fields.items("retry", phrase("items_retry", "entries with errors"))
    ]
    catch = [
        read_catch(node, fields.reading)
        for node in fields.items("catch", phrase("items_catch", "entries with errors and goto"))
    ]
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
        template = "action isn't supported by this version; name a function, a topic or a queue in resourceArn."
        fields.reading.add(action, "action_unsupported", template)
        return None
    node = fields.require(
        "resourceArn", "needs_arn", "write resourceArn: acs:fc:::services/<service>/functions/<function>"
    )
    arn = fields.text("resourceArn")
    if node is None or arn is None:
        return None
    if arn.startswith("$"):
        return read_route(node, arn, fields.reading)
    try:
        return parse_target(arn)
    except BadTarget as error:
        fields.reading.add(node, "as_sentence", "{what}.", what=error.phrase)
        return None


def read_route(node: Node, text: str, reading: Reading) -> Path | None:
    """Who starts an execution gives its input, and mustn't choose among all functions of the account with it."""
    path = as_path(node, text, reading, INPUT)
    if path is None or path.root is Root.CONFIG:
        return path
    reading.add(
        node,
        "target_path",
        "resourceArn can come from $config, as in $config.route[$.method].function, not from {text}.",
        text=text,
    )
    return None


def read_pattern(fields: Fields) -> Pattern:
    node, text = fields.take("pattern"), fields.text("pattern")
    if node is None or text is None:
        return Pattern.REQUEST_RESPONSE
    if text in set(Pattern):
        return Pattern(text)
    sync = phrase("pattern_sync", " sync is for tasks that start flows.")
    fields.reading.add(
        node,
        "pattern_unknown",
        "pattern must be {known}, not {found}.{hint}",
        known=one_of(Pattern),
        found=shown(node),
        hint=sync if text == "sync" else did_you_mean(text, Pattern),
    )
    return Pattern.REQUEST_RESPONSE


def read_params(fields: Fields, target: Target | Path | None) -> dict[str, Template]:
    node = fields.take("serviceParams")
    if target is None:
        return {}
    if isinstance(target, FunctionTarget):
        if node is not None:
            template = (
                "A function takes no serviceParams; the function's event is the step's input, so use inputMappings."
            )
            fields.reading.add(node, "service_params_function", template)
        return {}
    if node is None and isinstance(target, Path):
        return {}
    if node is None:
        fields.require(
            "serviceParams", "needs_params", "write serviceParams with MessageBody: $ to send the step's input"
        )
    elif isinstance(node, Table):
        return read_message(Fields(node, fields.reading, phrase("the_params", "serviceParams")), target)
    else:
        fields.reading.add(
            node, "service_params_mapping", "serviceParams must be a mapping, not {found}.", found=shown(node)
        )
    return {}


def read_message(fields: Fields, target: TopicTarget | QueueTarget | Path) -> dict[str, Template]:
    fields.require("MessageBody", "needs_body", "write MessageBody: $ to send the step's input")
    known = ("MessageBody",)
    if not isinstance(target, QueueTarget):
        known += ("MessageTag", "MessageAttributes")
        fields.text("MessageTag")
        attributes = fields.take("MessageAttributes")
        if attributes is not None and not (isinstance(attributes, Table) or is_path(attributes)):
            fields.reading.add(
                attributes,
                "message_attributes_mapping",
                "MessageAttributes must be a mapping, not {found}.",
                found=shown(attributes),
            )
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
        reading.add(
            node, "retry_mapping", "A retry entry must be a mapping with errors, not {found}.", found=shown(node)
        )
        return None
    fields = Fields(node, reading, phrase("retry_entry", "A retry entry"))
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
        reading.add(
            node,
            "catch_mapping",
            "A catch entry must be a mapping with errors and goto, not {found}.",
            found=shown(node),
        )
        return None
    fields = Fields(node, reading, phrase("catch_entry", "A catch entry"))
    errors = read_errors(fields)
    steps = fields.take("steps")
    if steps is not None:
        reading.add(
            steps,
            "catch_steps",
            "steps inside catch aren't supported by this version; go to a step of this list with goto.",
        )
    fields.require("goto", "needs_goto", "it names the step of this list that handles the error")
    goto = read_goto(fields)
    fields.close()
    return Catch(errors, goto)


def read_errors(fields: Fields) -> tuple[str, ...]:
    node = fields.require("errors", "needs_errors", "list error names, or FnF.ALL for all")
    if node is None:
        return ()
    nodes = fields.items("errors", phrase("items_errors", "error names"))
    names = [as_text(item, phrase("an_error_name", "an error name"), fields.reading) for item in nodes]
    if not names:
        fields.reading.add(node, "errors_empty", "errors must list at least one error name; FnF.ALL stands for all.")
    for item, name in zip(nodes, names, strict=True):
        if name is not None and not 0 < len(name) <= MAX_ERROR:
            fields.reading.add(item, "error_name", "An error name has 1 to {most} characters.", most=MAX_ERROR)
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
        fields.reading.add(
            node,
            "goto_unknown",
            "goto must name a step of the list it stands in ({names}), not {found}.{hint}",
            names=own,
            found=shown(node),
            hint=hint,
        )
    return name
