"""inputMappings, outputMappings and errorMappings; serviceParams."""

from liuyun.errors import phrase
from liuyun.workflow.definition.document import Items, Node, Scalar, Table, plain
from liuyun.workflow.definition.fields import Fields, Reading, as_path, shown
from liuyun.workflow.definition.paths import Root
from liuyun.workflow.definition.steps import Composed, Constant, Mapping, Mappings, Source, Template

ANYWHERE = frozenset(Root)
INPUT = frozenset({Root.INPUT, Root.CONTEXT, Root.CONFIG})


def read_mappings(fields: Fields, key: str) -> Mappings | None:
    """None if the key is absent."""
    if fields.take(key) is None:
        return None
    nodes = fields.items(key, phrase("items_mappings", "mappings, each with target and source"))
    return tuple(mapping for node in nodes if (mapping := read_mapping(node, key, fields.reading)) is not None)


def read_mapping(node: Node, key: str, reading: Reading) -> Mapping | None:
    if not isinstance(node, Table):
        reading.add(
            node,
            "mapping_entry",
            "An entry of {key} must be a mapping with target and source, not {found}.",
            key=key,
            found=shown(node),
        )
        return None
    fields = Fields(node, reading, phrase("entry_of", "An entry of {key}", key=key))
    fields.require("target", "needs_target", "it is the key that the value gets")
    fields.require("source", "needs_source", "it is a path such as $local.result, or a constant")
    target = fields.text("target")
    source_node = fields.take("source")
    source = None if source_node is None else read_source(source_node, reading)
    fields.close()
    if target == "":
        reading.add(node.nodes["target"], "mapping_target_empty", "target must not be empty.")
    return Mapping(target, source) if target and source else None


def read_source(node: Node, reading: Reading) -> Source | None:
    """A text that begins with `$` is a path; everything else stands for itself, whatever it holds."""
    if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.startswith("$"):
        return as_path(node, node.value, reading, ANYWHERE)
    return Constant(plain(node))


def read_template(node: Node, reading: Reading) -> Template:
    """A value with paths anywhere inside; they read the step's input and the configuration."""
    match node:
        case Scalar(value=str() as text) if text.startswith("$"):
            return as_path(node, text, reading, INPUT) or Constant(None)
        case Scalar(value=value):
            return Constant(value)
        case Items(nodes=nodes):
            return folded(Composed(tuple(read_template(inner, reading) for inner in nodes)), node)
        case Table(nodes=table):
            return folded(Composed({key: read_template(inner, reading) for key, inner in table.items()}), node)


def folded(template: Composed, node: Node) -> Template:
    """A composition without paths is a constant."""
    parts = template.items.values() if isinstance(template.items, dict) else template.items
    return Constant(plain(node)) if all(isinstance(part, Constant) for part in parts) else template
