"""What the console shows to be copied does work: the parser of `liuyun` itself reads each command, and the signatures
of the SDKs each call of theirs. The table is what `console/src/commands.test.ts` makes of the console's code.
"""

import ast
import inspect
import json
import shlex
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import fc2
import pytest
import typer
from alibabacloud_fc20230330 import client as newest
from alibabacloud_fc20230330 import models as newest_models
from alibabacloud_fnf20190315 import client as fnf
from alibabacloud_fnf20190315 import models as fnf_models
from jsonschema import Draft202012Validator
from mns import queue, subscription, topic

from liuyun.cli.main import command_line
from liuyun.gateway.console.app import described
from liuyun.gateway.console.guard import OPEN, OWN, SAFE

TABLE: list[dict[str, str]] = json.loads(
    (Path(__file__).parents[3] / "console/src/commands.table.json").read_text(encoding="utf-8")
)
COMMANDS = [row["command"] for row in TABLE]
# Nothing does these in a terminal: who signs a request isn't signed in. The others only look something up for a page.
IN_BROWSER = {"signIn", "signOut", "changeOwnPassword", "checkEntry", "checkFlow", "streamProgram"}
# Of the API alone: the pages have no button for them.
NO_BUTTON = {"deleteSchema", "importConfig"}
MODELS = (newest_models, fnf_models, queue, topic, subscription)
ACCOUNT = {"get_queue": queue.Queue, "get_topic": topic.Topic, "get_subscription": subscription.Subscription}


def parsed(line: str) -> tuple[str, dict[str, Any]]:
    """Which command it is, and what it was given. Raises what the parser of the command raises."""
    program, *words = shlex.split(line)
    assert program == "liuyun", line
    command = whole()
    context, name = command.make_context("liuyun", list(words), resilient_parsing=False), "liuyun"
    while hasattr(command, "commands"):
        name, command, left = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name, left, parent=context)
    return name, context.params


@cache
def whole() -> Any:
    return typer.main.get_command(command_line())


@cache
def document() -> dict[str, Any]:
    return described().openapi()


def operations() -> dict[str, tuple[str, list[str], Any]]:
    """Method, segments of the path, and the operation, by its id."""
    return {
        operation["operationId"]: (method.upper(), path.split("/"), operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    }


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["command"][:60])
def test_a_command_is_one(row: dict[str, str]):
    """The parser takes it; and where it calls the API, there is such an operation, which takes what is sent."""
    name, given = parsed(row["command"])
    if name != "api":
        return
    address = urlsplit(given["path"])
    method, path, operation = operations()[row["operation"]]
    assert given["method"] == method
    segments = address.path.split("/")
    assert len(segments) == len(path)
    assert all(a == b or b.startswith("{") for a, b in zip(segments, path, strict=True)), address.path
    if given["body"] in {None, "-"}:
        assert (given["body"] is None) == ("requestBody" not in operation)
        return
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": document()["components"]}).validate(json.loads(given["body"]))


def test_awkward_texts_arrive_as_they_are():
    """Whatever a person typed is one word, and no option, however it begins."""
    evil = '-x "it\'s" $(reboot) 流云\n; rm'
    found = [given for _name, given in map(parsed, COMMANDS)]
    assert {"body", "event", "description", "contains"} <= {
        name for given in found for name, value in given.items() if value == evil
    }
    assert any(
        evil in unquote(str(given.get("path", "")).replace("+", " ")) or given.get("contains") == evil
        for given in found
    )


def test_each_change_that_a_page_makes_has_a_command():
    """Nothing can be done by a button alone."""
    told = {row["operation"] for row in TABLE}
    exempt = OPEN | OWN
    needed = {
        name
        for name, (method, path, _operation) in operations().items()
        if method not in SAFE and (method, "/".join(path)) not in exempt
    }
    assert needed - told - IN_BROWSER - NO_BUTTON == set()


@pytest.mark.parametrize("line", sorted({row["sdk"] for row in TABLE if row["sdk"]}), ids=lambda line: line[:60])
def test_a_call_of_an_sdk_is_one(line: str):
    """The SDK has the method, and its arguments have these names."""
    call = ast.parse(line, mode="eval").body
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Attribute)
    fits(owner_of(call), call)
    for inner in ast.walk(call):
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
            bound(next(vars(home)[inner.func.id] for home in MODELS if inner.func.id in vars(home)), inner)


def owner_of(call: ast.Call) -> Any:
    """Whose method is called: of a queue or topic, or of the client that has such requests."""
    assert isinstance(call.func, ast.Attribute)
    base = call.func.value
    if isinstance(base, ast.Call):
        assert isinstance(base.func, ast.Attribute)
        return ACCOUNT[base.func.attr]
    requests = {
        each.func.id for each in ast.walk(call) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)
    }
    if any(hasattr(fnf_models, name) and not hasattr(newest_models, name) for name in requests):
        return fnf.Client
    newer = requests or (call.func.attr.startswith("delete") and fits(newest.Client, call, check=True))
    return newest.Client if newer else fc2.Client


def fits(owner: Any, call: ast.Call, *, check: bool = False) -> bool:
    method = getattr(owner, call.func.attr, None)  # pyright: ignore[reportAttributeAccessIssue]
    if check and method is None:
        return False
    assert method is not None, f"{owner} has no {ast.unparse(call.func)}"
    try:
        inspect.signature(method).bind(None, *call.args, **{word.arg or "": word.value for word in call.keywords})
    except TypeError:
        if check:
            return False
        raise
    return True


def bound(model: Any, call: ast.Call) -> None:
    inspect.signature(model).bind(*call.args, **{word.arg or "": word.value for word in call.keywords})
