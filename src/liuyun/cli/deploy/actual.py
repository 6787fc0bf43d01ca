"""What is there already, in the fields that the template's resources are compared by."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from liuyun.cli.client import Client
from liuyun.cli.deploy.resources import Kind, Resource


def read_actual(client: Client, resources: Sequence[Resource]) -> dict[tuple[Kind, str], Mapping[str, Any] | None]:
    return {resource.key: find(client, resource) for resource in resources}


def find(client: Client, resource: Resource) -> Mapping[str, Any] | None:
    match resource.kind:
        case Kind.FLOW:
            return client.flows.find(resource.name)
        case Kind.TOPIC | Kind.QUEUE | Kind.SUBSCRIPTION:
            found = client.messages.find(path_of(resource))
            return typed_like(resource.wanted, found) if found is not None else None
        case Kind.SERVICE | Kind.FUNCTION | Kind.TRIGGER | Kind.SETTING | Kind.DOMAIN:
            path, query = path_of(resource), query_of(resource)
            found = client.functions.find(path, **query)
            return as_wanted(found) if found is not None else None


SERVICELESS = "/2023-03-30"  # the version of the API in which functions have no service


def as_wanted(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """The newest API gives a trigger's configuration as a text, and layers with their size; it leaves out of a function
    what is usual.
    """
    config, layers = found.get("triggerConfig"), found.get("layers")
    changed: dict[str, Any] = {"instanceConcurrency": 1, "layers": [], **found}
    if isinstance(config, str):
        changed["triggerConfig"] = json.loads(config)
    if isinstance(layers, list) and all(isinstance(layer, dict) for layer in cast(list[Any], layers)):
        changed["layers"] = [layer["arn"] for layer in cast(list[Any], layers)]
    return changed


def query_of(resource: Resource) -> dict[str, str]:
    """The qualifier is the last of a setting's names."""
    name, _, qualifier = resource.name.rpartition("/")
    return {"qualifier": qualifier} if resource.kind is Kind.SETTING and name.count("/") else {}


def path_of_setting(resource: Resource) -> str:
    """`function/setting[/qualifier]`, or `service/function/setting/qualifier`."""
    names = resource.name.split("/")
    if len(names) == 4:
        service, function, setting, qualifier = names
        return f"/services/{service}.{qualifier}/functions/{function}/{setting}"
    return f"{SERVICELESS}/functions/{names[0]}/{names[1]}"


def path_of(resource: Resource) -> str:
    """Where a resource lies in its product's API."""
    if resource.kind is Kind.SETTING:
        return path_of_setting(resource)
    names = resource.name.split("/")
    if resource.kind is Kind.DOMAIN:
        served = resource.wanted.get("routeConfig", {}).get("routes", [{}])
        return f"{'' if 'serviceName' in served[0] else SERVICELESS}/custom-domains/{names[0]}"
    if resource.kind is Kind.FUNCTION and len(names) == 1:
        return f"{SERVICELESS}/functions/{names[0]}"
    if resource.kind is Kind.TRIGGER and len(names) == 2:
        return f"{SERVICELESS}/functions/{names[0]}/triggers/{names[1]}"
    collections = {
        Kind.TOPIC: ("topics",),
        Kind.QUEUE: ("queues",),
        Kind.SUBSCRIPTION: ("topics", "subscriptions"),
        Kind.SERVICE: ("services",),
        Kind.FUNCTION: ("services", "functions"),
        Kind.TRIGGER: ("services", "functions", "triggers"),
    }[resource.kind]
    return "".join(f"/{collection}/{name}" for collection, name in zip(collections, names, strict=True))


def typed_like(wanted: Mapping[str, Any], found: Mapping[str, str]) -> dict[str, Any]:
    """XML has only text: the fields that are wanted as numbers or flags become such."""
    return {name: converted(text, wanted.get(name)) for name, text in found.items()}


def converted(text: str, like: Any) -> Any:
    if isinstance(like, bool):
        return text.lower() == "true"
    return int(text) if isinstance(like, int) and text.isascii() and text.isdigit() else text
