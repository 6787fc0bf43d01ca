"""Reading step lists and the steps in them, nested lists included."""

from liuyun.workflow.definition.bounds import MAX_NAME
from liuyun.workflow.definition.conditions import BadCondition, Condition, parse_condition
from liuyun.workflow.definition.document import Items, Node, Scalar, Table
from liuyun.workflow.definition.fields import Fields, Reading, as_items, as_text, shown
from liuyun.workflow.definition.leaf_steps import read_fail, read_wait
from liuyun.workflow.definition.mappings import read_mappings
from liuyun.workflow.definition.problems import did_you_mean
from liuyun.workflow.definition.steps import Branch, Choice, Default, Pass, Shared, Step, Succeed
from liuyun.workflow.definition.tasks import read_goto, read_task

KINDS = ("task", "pass", "choice", "wait", "succeed", "fail")
LATER = ("parallel", "foreach", "loop")


def read_steps(node: Node, reading: Reading) -> tuple[Step, ...]:
    nodes = as_items(node, "steps", reading, "steps")
    siblings = tuple(dict.fromkeys(name for item in nodes if (name := name_of(item))))
    inside = Reading(reading.problems, reading.names, reading.step, siblings)
    return tuple(step for item in nodes if (step := read_step(item, inside)) is not None)


def name_of(node: Node) -> str:
    name = node.nodes.get("name") if isinstance(node, Table) else None
    return name.value if isinstance(name, Scalar) and isinstance(name.value, str) else ""


def read_step(node: Node, reading: Reading) -> Step | None:
    if not isinstance(node, Table):
        reading.add(node, f"A step must be a mapping with type and name, not {shown(node)}.")
        return None
    reading = reading.within(name_of(node) or reading.step)
    kind_node = node.nodes.get("type")
    kind = kind_node.text if isinstance(kind_node, Scalar) else ""
    fields = Fields(node, reading, f"A {kind} step" if kind in KINDS else "A step")
    fields.require("type", f"it is one of {', '.join(KINDS)}")
    check_name(fields)
    if kind_node is not None and kind not in KINDS:
        reading.add(kind_node, unknown_kind(kind, kind_node))
    if kind not in KINDS:
        return None
    step = read_kind(kind, fields, read_shared(fields, can_end=kind not in {"succeed", "fail"}))
    fields.close()
    return step


def unknown_kind(kind: str, node: Node) -> str:
    if kind in LATER:
        return f"Step type {kind} isn't supported by this version."
    return f"type must be one of {', '.join(KINDS)}, not {shown(node)}.{did_you_mean(kind, (*KINDS, *LATER))}"


def check_name(fields: Fields) -> None:
    node = fields.require("name", "give it a name of its own")
    name = fields.text("name")
    if node is None or name is None:
        return
    reading = fields.reading
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        reading.add(node, f"A step's name has 1 to {MAX_NAME} characters, all of them printable.")
    elif name in reading.names:
        reading.add(
            node, f"The name {name} is taken by the step in line {reading.names[name]}; names are unique in a flow."
        )
    else:
        reading.names[name] = node.line


def read_shared(fields: Fields, *, can_end: bool) -> Shared:
    return Shared(
        name=name_of(fields.table),
        input_mappings=read_mappings(fields, "inputMappings"),
        output_mappings=read_mappings(fields, "outputMappings"),
        end=fields.flag("end") if can_end else False,
    )


def read_kind(kind: str, fields: Fields, shared: Shared) -> Step | None:
    match kind:
        case "task":
            return read_task(fields, shared)
        case "choice":
            return read_choice(fields, shared)
        case "wait":
            return read_wait(fields, shared)
        case "fail":
            return read_fail(fields, shared)
        case "succeed":
            return Succeed(**shared)
        case _:
            return Pass(**shared)


def read_choice(fields: Fields, shared: Shared) -> Choice:
    node = fields.require("choices", "list branches, each with a condition and steps or goto")
    nodes = fields.items("choices", "branches, each with condition and steps or goto")
    if node is not None and isinstance(node, Items) and not nodes:
        fields.reading.add(node, "choices must list at least one branch.")
    branches = [read_branch(item, fields.reading) for item in nodes]
    default = fields.take("default")
    return Choice(
        **shared,
        branches=tuple(branch for branch in branches if branch is not None),
        default=None if default is None else read_default(default, fields.reading),
    )


def read_branch(node: Node, reading: Reading) -> Branch | None:
    if not isinstance(node, Table):
        reading.add(node, f"A choice's branch must be a mapping with condition and steps or goto, not {shown(node)}.")
        return None
    fields = Fields(node, reading, "A choice's branch")
    condition_node = fields.require("condition", 'write one such as $.status == "paid"')
    condition = None if condition_node is None else read_condition(condition_node, reading)
    goto, steps = read_goto(fields), read_nested(fields)
    fields.close()
    return None if condition is None else Branch(condition, steps, goto)


def read_condition(node: Node, reading: Reading) -> Condition | None:
    text = as_text(node, "condition", reading)
    if text is None:
        return None
    try:
        return parse_condition(text)
    except BadCondition as error:
        reading.add(node, f"The condition {shown(node)} is wrong: {error}.")
        return None


def read_default(node: Node, reading: Reading) -> Default | None:
    if not isinstance(node, Table):
        reading.add(node, f"default must be a mapping with steps or goto, not {shown(node)}.")
        return None
    fields = Fields(node, reading, "default")
    default = Default(steps=read_nested(fields), goto=read_goto(fields))
    fields.close()
    return default


def read_nested(fields: Fields) -> tuple[Step, ...]:
    node = fields.take("steps")
    return () if node is None else read_steps(node, fields.reading)
