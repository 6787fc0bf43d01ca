"""Carrying out a plan, one call of the platform's APIs for each step. Nothing is ever deleted."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from liuyun.cli.client import Client
from liuyun.cli.deploy.actual import path_of, query_of
from liuyun.cli.deploy.plan import Action, Step
from liuyun.cli.deploy.resources import Kind

INSTALL_S = 900  # a package with a requirements.txt is installed before the answer


def apply(client: Client, step: Step, code: bytes | None) -> None:
    """`code` is a function's package when it is to be sent. Raises Failure."""
    creating = step.action is Action.CREATE
    match step.resource.kind:
        case Kind.TOPIC | Kind.QUEUE | Kind.SUBSCRIPTION:
            put_messaging(client, step, creating=creating)
        case Kind.FLOW:
            action = "CreateFlow" if creating else "UpdateFlow"
            client.flows.call(action, Name=step.resource.name, Type="FDL", **step.resource.wanted)
        case Kind.SETTING:
            path = path_of(step.resource)
            client.functions.put(path, dict(step.resource.wanted), query=query_of(step.resource))
        case Kind.SERVICE | Kind.FUNCTION | Kind.TRIGGER | Kind.DOMAIN:
            put_function_side(client, step, code, creating=creating)


def put_messaging(client: Client, step: Step, *, creating: bool) -> None:
    path = path_of(step.resource)
    root = step.resource.kind.capitalize()
    if creating:
        client.messages.put(path, root, step.resource.wanted)
    else:
        changed = {change.field: change.after for change in step.changes}
        client.messages.put(f"{path}?metaoverride=true", root, changed)


def put_function_side(client: Client, step: Step, code: bytes | None, *, creating: bool) -> None:
    collection, _, name = path_of(step.resource).rpartition("/")
    document = body(step, creating=creating)
    if code is not None:
        document["code"] = {"zipFile": b64encode(code).decode()}
    if creating:
        client.functions.post(collection, {f"{step.resource.kind}Name": name, **document}, answer_s=INSTALL_S)
    else:
        client.functions.put(f"{collection}/{name}", document, answer_s=INSTALL_S)


def body(step: Step, *, creating: bool) -> dict[str, Any]:
    wanted: Mapping[str, Any] = step.resource.wanted
    if creating or step.resource.kind in {Kind.TRIGGER, Kind.DOMAIN}:
        document = dict(wanted)
    else:
        document = {change.field: change.after for change in step.changes}
    document.pop("codeChecksum", None)
    if "triggerConfig" in document:
        document["triggerConfig"] = {name: value for name, value in document["triggerConfig"].items() if value != ""}
    return document
