"""Reading step lists and the steps in them, nested lists included."""

from collections.abc import Callable

from liuyun.errors import phrase
from liuyun.workflow.definition.bounds import MAX_BRANCHES, MAX_NAME
from liuyun.workflow.definition.conditions import BadCondition, Condition, parse_condition
from liuyun.workflow.definition.document import Items, Node, Scalar, Table
from liuyun.workflow.definition.fields import Fields, Reading, as_items, as_path, as_text, shown
from liuyun.workflow.definition.leaf_steps import read_fail, read_wait
from liuyun.workflow.definition.mappings import INPUT, read_mappings
from liuyun.workflow.definition.paths import Path
from liuyun.workflow.definition.problems import did_you_mean
from liuyun.workflow.definition.steps import Branch, Choice, Default, Foreach, Parallel, Pass, Shared, Step, Succeed
from liuyun.workflow.definition.tasks import read_goto, read_task


def read_steps(node: Node, reading: Reading) -> tuple[Step, ...]:
    nodes = as_items(node, "steps", reading, phrase("items_steps", "steps"))
    siblings = tuple(dict.fromkeys(name for item in nodes if (name := name_of(item))))
    inside = Reading(reading.problems, reading.names, reading.step, siblings)
    return tuple(step for item in nodes if (step := read_step(item, inside)) is not None)


def name_of(node: Node) -> str:
    name = node.nodes.get("name") if isinstance(node, Table) else None
    return name.value if isinstance(name, Scalar) and isinstance(name.value, str) else ""


def read_step(node: Node, reading: Reading) -> Step | None:
    if not isinstance(node, Table):
        reading.add(
            node, "step_mapping", "A step must be a mapping with type and name, not {found}.", found=shown(node)
        )
        return None
    reading = reading.within(name_of(node) or reading.step)
    kind_node = node.nodes.get("type")
    kind = kind_node.text if isinstance(kind_node, Scalar) else ""
    owner = phrase("step_of_kind", "A {kind} step", kind=kind) if kind in KINDS else phrase("a_step", "A step")
    fields = Fields(node, reading, owner)
    fields.require("type", "needs_type", "it is one of {kinds}", kinds=", ".join(KINDS))
    check_name(fields)
    if kind_node is not None and kind not in KINDS:
        refuse_kind(kind, kind_node, reading)
    if kind not in KINDS:
        return None
    step = READERS[kind](fields, read_shared(fields, can_end=kind not in {"succeed", "fail"}))
    fields.close()
    return step


def refuse_kind(kind: str, node: Node, reading: Reading) -> None:
    if kind == "loop":
        advice = "Step type loop isn't supported; write a loop as a choice with a goto to an earlier step."
        reading.add(node, "step_loop", advice)
        return
    reading.add(
        node,
        "step_type",
        "type must be one of {kinds}, not {found}.{hint}",
        kinds=", ".join(KINDS),
        found=shown(node),
        hint=did_you_mean(kind, KINDS),
    )


def check_name(fields: Fields) -> None:
    node = fields.require("name", "needs_name", "give it a name of its own")
    name = fields.text("name")
    if node is None or name is None:
        return
    reading = fields.reading
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        reading.add(
            node, "step_name", "A step's name has 1 to {most} characters, all of them printable.", most=MAX_NAME
        )
    elif name in reading.names:
        reading.add(
            node,
            "step_name_taken",
            "The name {name} is taken by the step in line {line}; names are unique in a flow.",
            name=name,
            line=reading.names[name],
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


def read_choice(fields: Fields, shared: Shared) -> Choice:
    node = fields.require("choices", "needs_choices", "list branches, each with a condition and steps or goto")
    nodes = fields.items("choices", phrase("items_choices", "branches, each with condition and steps or goto"))
    if node is not None and isinstance(node, Items) and not nodes:
        fields.reading.add(node, "choices_empty", "choices must list at least one branch.")
    branches = [read_branch(item, fields.reading) for item in nodes]
    default = fields.take("default")
    return Choice(
        **shared,
        branches=tuple(branch for branch in branches if branch is not None),
        default=None if default is None else read_default(default, fields.reading),
    )


def read_branch(node: Node, reading: Reading) -> Branch | None:
    if not isinstance(node, Table):
        reading.add(
            node,
            "branch_mapping",
            "A choice's branch must be a mapping with condition and steps or goto, not {found}.",
            found=shown(node),
        )
        return None
    fields = Fields(node, reading, phrase("choice_branch", "A choice's branch"))
    condition_node = fields.require("condition", "needs_condition", 'write one such as $.status == "paid"')
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
        reading.add(
            node, "condition_wrong", "The condition {found} is wrong: {error}.", found=shown(node), error=error.phrase
        )
        return None


def read_default(node: Node, reading: Reading) -> Default | None:
    if not isinstance(node, Table):
        reading.add(
            node, "default_mapping", "default must be a mapping with steps or goto, not {found}.", found=shown(node)
        )
        return None
    fields = Fields(node, reading, phrase("the_default", "default"))
    default = Default(steps=read_nested(fields), goto=read_goto(fields))
    fields.close()
    return default


def read_parallel(fields: Fields, shared: Shared) -> Parallel:
    node = fields.require("branches", "needs_branches", "list branches, each with steps")
    nodes = fields.items("branches", phrase("items_branches", "branches, each with steps"))
    if isinstance(node, Items) and not 0 < len(nodes) <= MAX_BRANCHES:
        fields.reading.add(
            node,
            "branches_count",
            "branches must list 1 to {most} branches, not {count}.",
            most=MAX_BRANCHES,
            count=len(nodes),
        )
    return Parallel(**shared, branches=tuple(read_parallel_branch(item, fields.reading) for item in nodes))


def read_parallel_branch(node: Node, reading: Reading) -> tuple[Step, ...]:
    if not isinstance(node, Table):
        reading.add(
            node, "parallel_mapping", "A parallel branch must be a mapping with steps, not {found}.", found=shown(node)
        )
        return ()
    fields = Fields(node, reading, phrase("parallel_branch", "A parallel branch"))
    steps = read_needed(fields)
    fields.close()
    return steps


def read_foreach(fields: Fields, shared: Shared) -> Foreach | None:
    node = fields.require("iterationMapping", "needs_iteration", "write one with collection and item")
    steps = read_needed(fields)
    if not isinstance(node, Table):
        if node is not None:
            fields.reading.add(
                node,
                "iteration_mapping",
                "iterationMapping must be a mapping with collection and item, not {found}.",
                found=shown(node),
            )
        return None
    mapping = Fields(node, fields.reading, phrase("the_iteration", "iterationMapping"))
    collection = read_collection(mapping)
    mapping.require("item", "needs_item", "it is the key under which the steps see the element")
    item, index = mapping.text("item"), mapping.text("index")
    mapping.close()
    return (
        Foreach(**shared, collection=collection, item=item, index=index or "", steps=steps)
        if collection and item
        else None
    )


def read_collection(mapping: Fields) -> Path | None:
    node = mapping.require("collection", "needs_collection", "it is the path of a list, such as $.names")
    text = mapping.text("collection")
    return None if node is None or text is None else as_path(node, text, mapping.reading, INPUT)


def read_needed(fields: Fields) -> tuple[Step, ...]:
    """The steps of a list that can't be empty."""
    node = fields.require("steps", "needs_steps", "list at least one step")
    if isinstance(node, Items) and not node.nodes:
        fields.reading.add(node, "steps_empty", "steps must list at least one step.")
    return () if node is None else read_steps(node, fields.reading)


def read_nested(fields: Fields) -> tuple[Step, ...]:
    node = fields.take("steps")
    return () if node is None else read_steps(node, fields.reading)


def read_pass(_: Fields, shared: Shared) -> Pass:
    return Pass(**shared)


def read_succeed(_: Fields, shared: Shared) -> Succeed:
    return Succeed(**shared)


READERS: dict[str, Callable[[Fields, Shared], Step | None]] = {
    "task": read_task,
    "pass": read_pass,
    "choice": read_choice,
    "parallel": read_parallel,
    "foreach": read_foreach,
    "wait": read_wait,
    "succeed": read_succeed,
    "fail": read_fail,
}
KINDS = tuple(READERS)
