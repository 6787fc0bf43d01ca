"""A s.yaml, from text to the resources it asks for: the other front end of a deployment. Pure, as `template` is.

Editions 3.0.0 (`resources`) and 1.0.0 (`services`), with the components fc3, fc3-domain and fc. Which access keys, and
what commands to run before and after (`actions`), is the vendor's tool's business and is passed over.
"""

from collections.abc import Mapping

from liuyun.cli.deploy.building import Building, Files
from liuyun.cli.deploy.components import COMPONENTS
from liuyun.cli.deploy.document import Fields, Node, Problem, Scalar, Unreadable, parse
from liuyun.cli.deploy.expressions import Scope, fill
from liuyun.cli.deploy.intrinsics import Scope as NoScope
from liuyun.cli.deploy.resources import ORDER, Place, Resource
from liuyun.cli.deploy.template import InvalidTemplate, Template, report_twins

SECTIONS = {"edition", "name", "access", "vars", "resources", "services", "actions"}
PARTS = {"component", "props", "actions", "access"}


def is_serverless(text: str) -> bool:
    """A file of this form says its edition, or names a component; a template never does."""
    return any(line.startswith(("edition:", "services:", "resources:")) for line in text.splitlines())


def read_serverless(text: str, file: str, place: Place, env: Mapping[str, str], *, files: Files) -> Template:
    """Raises InvalidTemplate."""
    try:
        root, problems = parse(text, file)
    except Unreadable as error:
        raise InvalidTemplate([error.problem]) from None
    if not isinstance(root, Fields):
        raise InvalidTemplate([Problem(root.at, "A s.yaml is a mapping with resources.")])
    for name in root.nodes.keys() - SECTIONS:
        known = ", ".join(sorted(SECTIONS))
        problems.append(Problem(root.keys_at[name], f"'{name}' can't stand here; there are {known}."))
    on = Building(place, NoScope({}, {}), files, lambda _: [], problems)
    resources = [each for name, node in parts(root, problems) for each in build(name, node, Scope(root, env), on)]
    report_twins(resources, problems)
    if problems:
        raise InvalidTemplate(problems)
    return Template(tuple(sorted(resources, key=lambda resource: ORDER[resource.kind])), {})


def parts(root: Fields, problems: list[Problem]) -> list[tuple[str, Node]]:
    section = root.nodes.get("resources") or root.nodes.get("services")
    if not isinstance(section, Fields) or not section.nodes:
        problems.append(Problem(section.at if section else root.at, "A s.yaml needs resources."))
        return []
    return list(section.nodes.items())


def build(name: str, node: Node, scope: Scope, on: Building) -> list[Resource]:
    component = node.nodes.get("component") if isinstance(node, Fields) else None
    if not isinstance(node, Fields) or not isinstance(component, Scalar):
        on.report(node.at, f"{name} needs a component: {', '.join(COMPONENTS)}.")
        return []
    for unknown in node.nodes.keys() - PARTS:
        on.report(node.keys_at[unknown], f"'{unknown}' can't stand here; there are {', '.join(sorted(PARTS))}.")
    builder = COMPONENTS.get(plain_name(str(component.value)))
    if builder is None:
        known = ", ".join(COMPONENTS)
        on.report(component.at, f"The component {component.value} is not supported here; there are {known}.")
        return []
    props = fill(node.nodes.get("props", Fields({}, {}, node.at)), scope, on.problems)
    if not isinstance(props, Fields):
        on.report(props.at, "props must be a mapping.")
        return []
    return list(builder(props, on))


def plain_name(component: str) -> str:
    """Without its publisher and version: `devsapp/fc3@0.1.0`."""
    return component.rpartition("/")[2].partition("@")[0]
