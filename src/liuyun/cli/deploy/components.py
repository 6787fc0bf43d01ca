"""From a component of a s.yaml to what is asked of the platform's APIs: one function for each component.

What belongs to a function without a service has names of fewer parts: `function/trigger`, where others have
`service/function/trigger`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from liuyun.cli.deploy import serverless_tables as tables
from liuyun.cli.deploy.building import Building
from liuyun.cli.deploy.document import Fields, Items, Node, Position, Scalar, plain
from liuyun.cli.deploy.properties import Read, Table, read
from liuyun.cli.deploy.resources import Kind, Resource

NOT_OF_API = ("region", "endpoint", "annotations")
AUTO = "auto"  # the vendor's tool makes the log store, network or disk; here there is nothing to make
SETTINGS = {
    "asyncInvokeConfig": "async-invoke-config",
    "provisionConfig": "provision-config",
    "concurrencyConfig": "concurrency",
    "scalingConfig": "scaling-config",
}
UNQUALIFIED = frozenset({"concurrency"})


def build_fc3(props: Fields, on: Building) -> Iterator[Resource]:
    found = read(without_auto(props), tables.FC3, props.at, on.problems)
    on.refuse_other_region(found)
    values = {name: value for name, value in found.values.items() if name not in NOT_OF_API}
    name = values.pop("functionName", "")
    triggers = values.pop("triggers", None)
    settings = {path: values.pop(member) for member, path in SETTINGS.items() if member in values}
    code = code_of(values.pop("code", None), on)
    yield Resource(Kind.FUNCTION, name, values, props.at, code)
    for each in listed(triggers, "triggers", on):
        yield from build_trigger(name, each, tables.FC3_TRIGGER, on)
    for path, document in settings.items():
        yield setting(name, path, document, props)


def setting(function: str, path: str, document: Mapping[str, Any], props: Fields) -> Resource:
    wanted = {name: value for name, value in document.items() if name != "qualifier"}
    qualifier = "" if path in UNQUALIFIED else f"/{document.get('qualifier') or 'LATEST'}"
    return Resource(Kind.SETTING, f"{function}/{path}{qualifier}", wanted, props.at)


def build_domain(props: Fields, on: Building) -> Iterator[Resource]:
    found = read(props, tables.DOMAIN, props.at, on.problems)
    on.refuse_other_region(found)
    yield Resource(Kind.DOMAIN, found.values.pop("domainName", ""), found.values, props.at)


def build_fc(props: Fields, on: Building) -> Iterator[Resource]:
    found = read(props, tables.FC, props.at, on.problems)
    on.refuse_other_region(found)
    service = part(found, "service", tables.FC_SERVICE, on)
    name = service.values.pop("name", "")
    yield Resource(Kind.SERVICE, name, service.values, props.at)
    if "function" not in found.values:
        return
    function = part(found, "function", tables.FC_FUNCTION, on)
    path = f"{name}/{function.values.pop('name', '')}"
    code = local_code(function.values.pop("code", ""), function.at.get("code", props.at), on)
    config = function.values.pop("asyncConfiguration", None)
    yield Resource(Kind.FUNCTION, path, function.values, props.at, code)
    for each in listed(found.values.get("triggers"), "triggers", on):
        yield from build_trigger(path, each, tables.FC_TRIGGER, on)
    if config is not None:
        yield setting(path, "async-invoke-config", config, props)
    for each in listed(found.values.get("customDomains"), "customDomains", on):
        yield build_domain_of(path, each, on)


def build_domain_of(function: str, node: Node, on: Building) -> Resource:
    """Its routes lead to the function beside it unless they say otherwise."""
    found = read(node, tables.FC_DOMAIN, node.at, on.problems)
    name = found.values.pop("domainName", "")
    routes = found.values.pop("routes", None)
    service, _, name_of_function = function.partition("/")
    own = {"serviceName": service, "functionName": name_of_function}
    config = {"routes": [{**own, **plain(each)} for each in listed(routes, "routeConfigs", on)]}
    return Resource(Kind.DOMAIN, name, {**found.values, "routeConfig": config}, node.at)


def build_trigger(function: str, node: Node, table: Table, on: Building) -> Iterator[Resource]:
    found = read(without_auto(node), table, node.at, on.problems)
    values = found.values
    name = values.pop("triggerName", None) or values.pop("name", "")
    config = cast(dict[str, Any], values.get("triggerConfig") or {})
    if isinstance(config.get("authType"), str):
        config["authType"] = config["authType"].lower()
    topic = config.pop("topicName", None)
    if values.get("triggerType") == "mns_topic" and topic and "sourceArn" not in values:
        values["sourceArn"] = f"acs:mns:{on.place.region}:{on.place.account_id}:/topics/{topic}"
    yield Resource(Kind.TRIGGER, f"{function}/{name}", values, node.at)


def part(found: Read, name: str, table: Table, on: Building) -> Read:
    node = found.values.get(name)
    if not isinstance(node, Fields):
        if node is not None:
            on.report(node.at, f"{name} must be a mapping.")
        return Read()
    return read(without_auto(node), table, node.at, on.problems)


def listed(node: Node | None, name: str, on: Building) -> tuple[Node, ...]:
    match node:
        case None | Scalar(value=None):
            return ()
        case Items(nodes):
            return nodes
        case _:
            on.report(node.at, f"{name} must be a list.")
            return ()


def code_of(node: Node | None, on: Building) -> str:
    """A path, or a mapping with `src`."""
    match node:
        case Scalar(value=str(path), at=at):
            return local_code(path, at, on)
        case Fields(nodes={"src": Scalar(value=str(path), at=at)}):
            return local_code(path, at, on)
        case None:
            return ""
        case _:
            on.report(node.at, "code must be a path, or have one as src; code in a bucket is not supported here yet.")
            return ""


def local_code(path: str, at: Position, on: Building) -> str:
    if path and not on.files.exists(path):
        on.report(at, f"The code is said to be in {path}, which is not there.")
    return path


def without_auto(node: Node) -> Node:
    if not isinstance(node, Fields):
        return node
    kept = {name: value for name, value in node.nodes.items() if not is_auto(value)}
    return Fields(kept, node.keys_at, node.at)


def is_auto(node: Node) -> bool:
    return isinstance(node, Scalar) and isinstance(node.value, str) and node.value.lower() == AUTO


Builder = Callable[[Fields, Building], Iterator[Resource]]
COMPONENTS: Mapping[str, Builder] = {"fc3": build_fc3, "fc3-domain": build_domain, "fc": build_fc}
