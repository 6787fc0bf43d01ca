"""From a template's resource to what is asked of the platform's APIs: one function for each resource type."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Protocol

from ruamel.yaml import YAML

from liuyun.cli.deploy import tables
from liuyun.cli.deploy.document import Fields, Node, Position, Problem, Scalar, plain
from liuyun.cli.deploy.intrinsics import Scope, fill_in
from liuyun.cli.deploy.properties import Read, Table, read
from liuyun.cli.deploy.resources import STRUCTURE, Kind, Place, Resource, type_of
from liuyun.cli.failure import reason


class Files(Protocol):
    """The folder of the template."""

    def text(self, path: str) -> str:
        """Raises OSError or UnicodeDecodeError."""
        ...

    def exists(self, path: str) -> bool: ...


Check = Callable[[str], list[tuple[int, int, str]]]  # what is wrong with a flow definition: line, column, text


@dataclass(frozen=True, slots=True)
class Building:
    place: Place
    scope: Scope
    files: Files
    check: Check
    problems: list[Problem]

    def report(self, at: Position, text: str) -> None:
        self.problems.append(Problem(at, text))

    def read(self, body: Fields, table: Table) -> Read:
        return read(body.nodes.get("Properties"), table, body.at, self.problems)

    def refuse_other_region(self, found: Read) -> None:
        region = found.values.pop("region", None)
        if region is not None and region != self.place.region:
            self.report(found.at["region"], f"The region is {region}, but this platform is {self.place.region}.")

    def generated_role(self, name: str) -> str:
        """The role that stands for a resource's Policies. This platform grants a function what its account may do."""
        return f"acs:ram::{self.place.account_id}:role/policies-of-{name}"


def build_topic(name: str, body: Fields, on: Building) -> Iterator[Resource]:
    found = on.read(body, tables.TOPIC)
    on.refuse_other_region(found)
    yield Resource(Kind.TOPIC, found.values.pop("name", name), found.values, body.at)


def build_queue(name: str, body: Fields, on: Building) -> Iterator[Resource]:
    found = on.read(body, tables.QUEUE)
    yield Resource(Kind.QUEUE, found.values.pop("name", name), found.values, body.at)


def build_subscription(name: str, body: Fields, on: Building) -> Iterator[Resource]:
    found = on.read(body, tables.SUBSCRIPTION)
    path = f"{found.values.pop('topic', '')}/{found.values.pop('name', name)}"
    yield Resource(Kind.SUBSCRIPTION, path, found.values, body.at)


def build_service(name: str, body: Fields, on: Building) -> Iterator[Resource]:
    values = on.read(body, tables.SERVICE).values
    if values.pop("policies", None) is not None and "role" not in values:
        values["role"] = on.generated_role(name)
    yield Resource(Kind.SERVICE, name, {"role": "", **values}, body.at)
    for key, node in body.nodes.items():
        if key in STRUCTURE:
            continue
        if isinstance(node, Fields) and type_of(node) == "Aliyun::Serverless::Function":
            yield from build_function(name, key, node, on)
        else:
            text = f"'{key}' is no function: a service holds resources of Type Aliyun::Serverless::Function."
            on.report(body.keys_at[key], text)


def build_function(service: str, key: str, body: Fields, on: Building) -> Iterator[Resource]:
    for unknown in body.nodes.keys() - STRUCTURE - {"Events"}:
        on.report(body.keys_at[unknown], f"'{unknown}' can't stand here; a function has Type, Properties and Events.")
    found = on.read(body, tables.FUNCTION)
    code = found.values.pop("code", "")
    if code.startswith("oss://"):
        on.report(found.at["code"], "Code from an OSS bucket is not supported yet; name a folder, a zip or a file.")
    elif code and not on.files.exists(code):
        on.report(found.at["code"], f"CodeUri names {code}, which is not there.")
    path = f"{service}/{found.values.pop('functionName', key)}"
    yield Resource(Kind.FUNCTION, path, found.values, body.at, code)
    yield from build_triggers(path, body.nodes.get("Events"), on)


def build_triggers(function: str, events: Node | None, on: Building) -> Iterator[Resource]:
    match events:
        case None | Scalar(value=None):
            return
        case Fields():
            for name, event in events.nodes.items():
                yield from build_trigger(f"{function}/{name}", event, on)
        case _:
            on.report(events.at, "Events must be a mapping of trigger names.")


def build_trigger(path: str, event: Node, on: Building) -> Iterator[Resource]:
    kind = event.nodes.get("Type") if isinstance(event, Fields) else None
    if not isinstance(event, Fields) or not isinstance(kind, Scalar):
        on.report(event.at, "An event needs a Type: HTTP or MNSTopic.")
        return
    if kind.value not in tables.EVENTS:
        known = ", ".join(tables.EVENTS)
        later = f" {kind.value} comes later." if kind.value in tables.EVENTS_LATER else ""
        on.report(kind.at, f"Events of type {kind.value} are not supported yet; these are: {known}.{later}")
        return
    trigger_type, table = tables.EVENTS[str(kind.value)]
    found = on.read(event, table)
    on.refuse_other_region(found)
    config = found.values
    wanted: dict[str, Any] = {"triggerType": trigger_type, "triggerConfig": config}
    for name in ("invocationRole", "qualifier"):
        if name in config:
            wanted[name] = config.pop(name)
    if trigger_type == "http":
        config["authType"] = config.get("authType", "").lower()
    else:
        topic = config.pop("topicName", "")
        wanted["sourceArn"] = f"acs:mns:{on.place.region}:{on.place.account_id}:/topics/{topic}"
    yield Resource(Kind.TRIGGER, path, wanted, event.at)


def build_flow(name: str, body: Fields, on: Building) -> Iterator[Resource]:
    found = on.read(body, tables.FLOW)
    values = found.values
    flow = values.pop("name", name)
    if values.pop("policies", None) is not None and "RoleArn" not in values:
        values["RoleArn"] = on.generated_role(flow)
    inline, uri = values.pop("Definition", None), values.pop("DefinitionUri", None)
    if (inline is None) == (uri is None):
        if "Definition" not in found.at and not unresolved_definition(body):
            on.report(body.at, "A flow needs either a Definition or a DefinitionUri.")
        return
    definition = written_here(inline, on) if uri is None else from_file(uri, found.at["DefinitionUri"], on)
    yield Resource(Kind.FLOW, flow, {"Definition": definition, "RoleArn": "", **values}, body.at)


def unresolved_definition(body: Fields) -> bool:
    """Whether a definition is there that could not be read; that was reported where it stands."""
    properties = body.nodes.get("Properties")
    return isinstance(properties, Fields) and bool({"Definition", "DefinitionUri"} & properties.nodes.keys())


def written_here(node: Node, on: Building) -> str:
    match node:
        case Scalar(value=str(text)):
            definition = text
        case Fields():
            definition = as_yaml(plain(node))
        case _:
            on.report(node.at, "Definition must be the text of a flow, or the flow as a mapping.")
            return ""
    for line, _, complaint in on.check(definition):
        on.report(node.at, f"In line {line} of the flow: {complaint}")
    return definition


def from_file(uri: str, at: Position, on: Building) -> str:
    try:
        source = on.files.text(uri)
    except (OSError, UnicodeDecodeError) as error:
        on.report(at, f"DefinitionUri names {uri}, which can't be read: {reason(error)}.")
        return ""
    file = str(Path(at.file).parent / uri)
    definition, problems = fill_in(source, file, on.scope)
    on.problems.extend(problems)
    if not problems:
        on.problems.extend(Problem(Position(file, line, column), text) for line, column, text in on.check(definition))
    return definition


def as_yaml(data: Any) -> str:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.width = 4096
    yaml.sort_base_mapping_type_on_output = False  # pyright: ignore[reportAttributeAccessIssue]
    out = StringIO()
    yaml.dump(data, out)  # pyright: ignore[reportUnknownMemberType]
    return out.getvalue()


Builder = Callable[[str, Fields, Building], Iterator[Resource]]

# By the type in lower case: funcraft writes Aliyun::, the resource orchestration service ALIYUN::.
BUILDERS: Mapping[str, Builder] = {
    "aliyun::serverless::service": build_service,
    "aliyun::serverless::flow": build_flow,
    "aliyun::serverless::mnstopic": build_topic,
    "aliyun::mns::topic": build_topic,
    "aliyun::mns::queue": build_queue,
    "aliyun::mns::subscription": build_subscription,
}
