"""A template, from text to the resources it asks for. Pure: files come through `Files`, nothing is sent anywhere.

All problems are found before anything is changed, and are reported together, each with its place.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from liuyun.cli.deploy.building import BUILDERS, Building, Check, Files
from liuyun.cli.deploy.document import Fields, Node, Problem, Scalar, Unreadable, calls, parse, plain
from liuyun.cli.deploy.intrinsics import Scope, resolve
from liuyun.cli.deploy.names import scope_of
from liuyun.cli.deploy.parameters import read_parameters
from liuyun.cli.deploy.resources import ORDER, STRUCTURE, Place, Resource, type_of

FORMAT = "2015-09-01"
TRANSFORM = "Aliyun::Serverless-2018-04-03"
SECTIONS = {"ROSTemplateFormatVersion", "Transform", "Description", "Parameters", "Resources", "Outputs", "Metadata"}


class InvalidTemplate(Exception):
    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Template:
    """`resources` stand in the order in which they can be made. `secrets` are the values of NoEcho parameters."""

    resources: tuple[Resource, ...]
    outputs: Mapping[str, Any]
    secrets: frozenset[str] = frozenset()


def read_template(
    text: str, file: str, place: Place, given: Mapping[str, str], *, files: Files, check: Check
) -> Template:
    """Raises InvalidTemplate."""
    try:
        root, problems = parse(text, file)
    except Unreadable as error:
        raise InvalidTemplate([error.problem]) from None
    if not isinstance(root, Fields):
        raise InvalidTemplate([Problem(root.at, "A template is a mapping with Resources.")])
    check_head(root, problems)
    parameters = read_parameters(root.nodes.get("Parameters"), given, root.at, problems)
    found = resource_nodes(root, problems)
    scope = scope_of(found, parameters, place, problems)
    building = Building(place, scope, files, check, problems)
    resources = [resource for name, node in found.items() for resource in build(name, node, building)]
    report_twins(resources, problems)
    outputs = read_outputs(root.nodes.get("Outputs"), scope, problems)
    if problems:
        raise InvalidTemplate(problems)
    return Template(tuple(sorted(resources, key=lambda resource: ORDER[resource.kind])), outputs, parameters.secrets)


def check_head(root: Fields, problems: list[Problem]) -> None:
    for name in root.nodes.keys() - SECTIONS:
        text = f"'{name}' is no section of a template that is supported here; these are: {', '.join(sorted(SECTIONS))}."
        problems.append(Problem(root.keys_at[name], text))
    for name, expected, required in (("ROSTemplateFormatVersion", FORMAT, True), ("Transform", TRANSFORM, False)):
        node = root.nodes.get(name)
        if node is None:
            if required:
                problems.append(Problem(root.at, f"{name}: '{expected}' is missing."))
        elif not isinstance(node, Scalar) or node.value != expected:
            problems.append(Problem(node.at, f"{name} must be '{expected}'."))


def resource_nodes(root: Fields, problems: list[Problem]) -> dict[str, Fields]:
    section = root.nodes.get("Resources")
    if not isinstance(section, Fields) or not section.nodes:
        problems.append(Problem(section.at if section else root.at, "A template needs Resources."))
        return {}
    found: dict[str, Fields] = {}
    for name, node in section.nodes.items():
        if isinstance(node, Fields) and isinstance(node.nodes.get("Type"), Scalar):
            found[name] = node
        else:
            problems.append(Problem(node.at, f"The resource {name} needs a Type."))
    return found


def build(name: str, node: Fields, on: Building) -> list[Resource]:
    builder = BUILDERS.get(type_of(node).lower())
    if builder is None:
        text = f"Resources of type {type_of(node)} are not supported yet."
        on.report(node.nodes["Type"].at, text)
        return []
    if builder is not BUILDERS["aliyun::serverless::service"]:
        for unknown in node.nodes.keys() - STRUCTURE:
            on.report(node.keys_at[unknown], f"'{unknown}' can't stand here; a resource has Type and Properties.")
    resolved = resolve(node, on.scope, on.problems)
    return list(builder(name, resolved, on)) if isinstance(resolved, Fields) else []


def report_twins(resources: list[Resource], problems: list[Problem]) -> None:
    counts = Counter(resource.key for resource in resources)
    problems.extend(
        Problem(resource.at, f"The {resource} stands in this template more than once.")
        for resource in resources
        if counts[resource.key] > 1
    )


def read_outputs(section: Node | None, scope: Scope, problems: list[Problem]) -> Mapping[str, Any]:
    if section is None:
        return {}
    resolved = resolve(section, scope, problems)
    if not isinstance(resolved, Fields):
        problems.append(Problem(section.at, "Outputs must be a mapping."))
        return {}
    values = {name: node.nodes.get("Value") for name, node in resolved.nodes.items() if isinstance(node, Fields)}
    return {name: plain(value) for name, value in values.items() if value and next(calls(value), None) is None}
