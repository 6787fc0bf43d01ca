"""A flow definition language text (v1 and v1beta1, which mean the same) as a validated Flow."""

from dataclasses import dataclass

from liuyun.errors import InvalidDefinition, phrase
from liuyun.workflow.definition.bounds import MAX_TIMEOUT_S
from liuyun.workflow.definition.document import Items, Node, Scalar, Table, Unreadable, read
from liuyun.workflow.definition.fields import Fields, Reading, as_path, shown
from liuyun.workflow.definition.mappings import read_mappings
from liuyun.workflow.definition.paths import Root
from liuyun.workflow.definition.problems import MAX_PROBLEMS, Problem, one_of
from liuyun.workflow.definition.step_lists import read_steps
from liuyun.workflow.definition.steps import Constant, Flow, Source, places_of


@dataclass(frozen=True, slots=True)
class Inspected:
    """A text as far as it can be understood. `flow` is complete only if there are no problems; `node` is its tree, if
    it has one; `lines` says where each step is named.
    """

    flow: Flow | None
    problems: list[Problem]
    node: Node | None
    lines: dict[str, int]


def parse(text: str) -> Flow:
    """Raises InvalidDefinition with every problem, in the order of the text."""
    found = inspect(text)
    if found.flow is None or found.problems:
        raise InvalidDefinition(found.problems)
    return found.flow


def inspect(text: str) -> Inspected:
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    try:
        node = read(text, problems)
    except Unreadable as error:
        return Inspected(None, [*problems, error.problem], None, lines)
    flow = read_flow(node, Reading(problems, lines))
    return Inspected(flow, in_order(problems), node, lines)


def in_order(problems: list[Problem]) -> list[Problem]:
    ordered = sorted(problems, key=lambda problem: (problem.line, problem.column))
    shown, rest = ordered[:MAX_PROBLEMS], ordered[MAX_PROBLEMS:]
    if rest:
        more = phrase("problems_more", "From here on there are {count} more problems.", count=len(rest))
        shown.append(Problem(rest[0].line, rest[0].column, "", more))
    return shown


def read_flow(node: Node, reading: Reading) -> Flow | None:
    if not isinstance(node, Table):
        reading.add(
            node,
            "definition_mapping",
            "A definition is a mapping with version, type and steps, not {found}.",
            found=shown(node),
        )
        return None
    if "SpecVersion" in node.nodes or "States" in node.nodes:
        reading.add(
            node,
            "definition_states",
            "State-machine definitions aren't supported by this version; write version, type and steps.",
        )
        return None
    fields = Fields(node, reading, phrase("the_flow", "The flow"))
    check_word(fields, "version", ("v1", "v1beta1"))
    check_word(fields, "type", ("flow",))
    fields.text("name")
    timeout_s = fields.whole("timeoutSeconds", 1, MAX_TIMEOUT_S)
    input_mappings = read_mappings(fields, "inputMappings")
    output_mappings = read_mappings(fields, "outputMappings")
    config_tenant = read_tenant(fields)
    list_node = fields.require("steps", "needs_steps", "list at least one step")
    steps = () if list_node is None else read_steps(list_node, reading)
    if isinstance(list_node, Items) and not list_node.nodes:
        reading.add(list_node, "steps_empty", "steps must list at least one step.")
    fields.close()
    return Flow(
        steps=steps,
        input_mappings=input_mappings,
        output_mappings=output_mappings,
        timeout_s=timeout_s,
        config_tenant=config_tenant,
        places=places_of(steps),
    )


def read_tenant(fields: Fields) -> Source | None:
    node, text = fields.take("configTenant"), fields.text("configTenant")
    if node is None or text is None:
        return None
    return as_path(node, text, fields.reading, frozenset({Root.INPUT})) if text.startswith("$") else Constant(text)


def check_word(fields: Fields, key: str, words: tuple[str, ...]) -> None:
    node = fields.require(key, "needs_word", "write {key}: {word}", key=key, word=words[0])
    if node is not None and not (isinstance(node, Scalar) and node.value in words):
        fields.reading.add(
            node,
            "field_constant",
            "{key} must be {allowed}, not {found}.",
            key=key,
            allowed=one_of(words),
            found=shown(node),
        )
