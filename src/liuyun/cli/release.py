"""`liuyun version` and `liuyun alias`: gray releases by hand."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from liuyun.cli.client.functions import NEWEST
from liuyun.cli.connection import DataOption, EndpointOption, connect
from liuyun.cli.failure import WRONG_USAGE, Failure
from liuyun.cli.output import out, print_table, say

version = typer.Typer(no_args_is_help=True, help="Publish and list: versions of a service.")
alias = typer.Typer(no_args_is_help=True, help="Set, list and roll back: names for versions.")

OwnerArgument = Annotated[
    str, typer.Argument(metavar="SERVICE", help="A service; /FUNCTION for a function without one.")
]
AliasArgument = Annotated[str, typer.Argument(metavar="ALIAS")]
MOST = "100"


@version.command("publish")
def publish(
    owner: OwnerArgument,
    *,
    description: Annotated[str, typer.Option(help="What is new.")] = "",
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Freeze the newest state as a version; prints its number."""
    functions = connect(data, endpoint).functions
    made = functions.post(f"{path_of(owner)}/versions", {"description": description})
    out.print(made["versionId"], markup=False)


@version.command("list")
def list_versions(owner: OwnerArgument, *, data: DataOption = None, endpoint: EndpointOption = None) -> None:
    """The newest versions."""
    found = connect(data, endpoint).functions.get(f"{path_of(owner)}/versions", limit=MOST)
    rows = [(each["versionId"], each["createdTime"], each["description"]) for each in found["versions"]]
    print_table(("version", "published", "description"), rows)


@alias.command("set")
def set_alias(
    owner: OwnerArgument,
    name: AliasArgument,
    number: Annotated[str, typer.Argument(metavar="VERSION")],
    *,
    also: Annotated[
        str | None, typer.Option(metavar="VERSION=SHARE", help="Send a share of the calls elsewhere: 2=0.1")
    ] = None,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Let an alias lead to a version, whether it was there or not."""
    functions, path = connect(data, endpoint).functions, f"{path_of(owner)}/aliases"
    document = {"versionId": number, "additionalVersionWeight": share(also)}
    if functions.find(f"{path}/{name}") is None:
        functions.post(path, {"aliasName": name, **document})
    else:
        functions.put(f"{path}/{name}", document)
    say(shown(name, document))


@alias.command("list")
def list_aliases(owner: OwnerArgument, *, data: DataOption = None, endpoint: EndpointOption = None) -> None:
    """The aliases, and where they lead."""
    found = connect(data, endpoint).functions.get(f"{path_of(owner)}/aliases", limit=MOST)
    rows = [(each["aliasName"], each["versionId"], others(each)) for each in found["aliases"]]
    print_table(("alias", "version", "also"), rows)


@alias.command("rollback")
def roll_back(
    owner: OwnerArgument, name: AliasArgument, *, data: DataOption = None, endpoint: EndpointOption = None
) -> None:
    """Send all calls to the alias's main version again; the next call goes there."""
    functions, path = connect(data, endpoint).functions, f"{path_of(owner)}/aliases/{name}"
    functions.put(path, {"additionalVersionWeight": {}})
    say(shown(name, functions.get(path)))


def path_of(owner: str) -> str:
    name = owner.removeprefix("/")
    if not name or "/" in name:
        raise Failure(f"'{owner}' is neither SERVICE nor /FUNCTION.", exit_code=WRONG_USAGE)
    return f"{NEWEST}functions/{name}" if owner.startswith("/") else f"/services/{name}"


def share(text: str | None) -> Mapping[str, float]:
    if text is None:
        return {}
    number, _, weight = text.partition("=")
    try:
        return {number: float(weight)}
    except ValueError:
        raise Failure(f"'{text}' is not of the form VERSION=SHARE, such as 2=0.1.", exit_code=WRONG_USAGE) from None


def others(document: Mapping[str, Any]) -> str:
    return ", ".join(f"{number}: {weight:g}" for number, weight in document["additionalVersionWeight"].items())


def shown(name: str, document: Mapping[str, Any]) -> str:
    also = others(document)
    return f"{name} leads to version {document['versionId']}" + (f", and to {also}." if also else ".")
