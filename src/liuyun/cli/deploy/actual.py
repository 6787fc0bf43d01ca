"""What is there already, in the fields that the template's resources are compared by."""

from collections.abc import Mapping, Sequence
from typing import Any

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
        case Kind.SERVICE | Kind.FUNCTION | Kind.TRIGGER:
            return client.functions.find(path_of(resource))


def path_of(resource: Resource) -> str:
    """Where a resource lies in its product's API."""
    names = resource.name.split("/")
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
    return int(text) if isinstance(like, int) and text.isdigit() else text
