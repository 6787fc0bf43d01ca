"""YAML as people write it for version control: quick for large files, and by the rules of YAML 1.2, in which `yes` is a
text. libyaml reads and writes it where PyYAML was built with it, as its wheels are.
"""

import json
import re
from typing import Any, TextIO

import yaml

CORE = "tag:yaml.org,2002:"
INT, FLOAT, MERGE = CORE + "int", CORE + "float", CORE + "merge"
# The tags of YAML 1.2's core schema, what texts have them, and how these begin.
RULES = (
    (CORE + "null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    (CORE + "bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    (INT, r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    (FLOAT, r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
    (FLOAT, r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", list("-+.")),
    (MERGE, r"<<", ["<"]),
)
QuickLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
QuickDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class Loader(QuickLoader):
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's name for those of the class

    def whole(self, node: Any) -> int:
        text: str = node.value
        return int(text, 0 if text[:2] in {"0o", "0x"} else 10)

    def unique(self, node: Any) -> Any:
        """A mapping whose keys are different: one that comes twice is somebody's mistake."""
        made: dict[Any, Any] = {}
        yield made
        names = [key.value for key, _ in node.value if key.tag != MERGE]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise yaml.constructor.ConstructorError(None, None, f"the key '{twice}' comes twice", node.start_mark)
        made.update(self.construct_mapping(node))


class Dumper(QuickDumper):
    """Texts that any version of YAML takes for something else are quoted."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


for tag, pattern, first in RULES:
    Loader.add_implicit_resolver(tag, re.compile(rf"^(?:{pattern})$"), first)
    Dumper.add_implicit_resolver(tag, re.compile(rf"^(?:{pattern})$"), first)
Loader.add_constructor(INT, Loader.whole)
Loader.add_constructor(CORE + "map", Loader.unique)


def read(text: str) -> Any:
    """Also JSON, which is a part of YAML. Raises YAMLError."""
    if text.lstrip()[:1] in {"{", "["}:
        try:
            return json.loads(text)
        except ValueError:
            pass  # YAML's own way with brackets, or what its error says better
    return yaml.load(text, Loader)  # noqa: S506 - a safe one


def write(document: Any, to: TextIO) -> None:
    yaml.dump(document, to, Dumper, allow_unicode=True, sort_keys=False, default_flow_style=False)
