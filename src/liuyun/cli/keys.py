"""`liuyun keys`: what the first start printed, again; and the access keys of users."""

import os
import shlex
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated
from urllib.parse import quote

import typer

from liuyun.cli.connection import (
    DEFAULT_ENDPOINT,
    DataOption,
    EndpointOption,
    connect,
    data_folder,
    keys_of,
    written_endpoint,
)
from liuyun.cli.output import Output, out, print_json, print_table, say

keys = typer.Typer(no_args_is_help=True, help="Access keys.")

KeyArgument = Annotated[str, typer.Argument(metavar="ACCESS_KEY_ID")]


class Format(StrEnum):
    TEXT = "text"
    ENV = "env"
    JSON = "json"


@keys.command("show")
def show(
    *,
    format_: Annotated[Format, typer.Option("--format", help="env: shell exports, for eval")] = Format.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Show the endpoint, the account, its root access key and the console password of the platform on this machine."""
    folder = data_folder(os.environ, data)
    root = keys_of(folder)
    found = {
        "LIUYUN_ENDPOINT": endpoint or written_endpoint(folder) or DEFAULT_ENDPOINT,
        "LIUYUN_ACCOUNT_ID": root.account_id,
        "LIUYUN_ACCESS_KEY_ID": root.access_key_id,
        "LIUYUN_ACCESS_KEY_SECRET": root.access_key_secret,
        "LIUYUN_CONSOLE_PASSWORD": root.console_password,
    }
    print_variables(found, format_)


@keys.command("list")
def list_(
    *,
    output: Annotated[Output, typer.Option(help="text or json")] = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """The access keys that the caller may see: an administrator all of them."""
    found = connect(data, endpoint).console.call("GET", "/api/keys")["keys"]
    if output is Output.JSON:
        print_json(found)
        return
    rows = (
        (
            key["accessKeyId"], key["user"] or "(root)", key["role"], "disabled" if key["disabled"] else "enabled",
            moment(key["createdAt"]), moment(key["lastUsedAt"]), key["description"],
        )
        for key in found
    )  # fmt: skip
    print_table(("access key id", "user", "role", "status", "created", "last used", "description"), rows)


@keys.command("create")
def create(
    *,
    user: Annotated[str, typer.Option(metavar="NAME", help="Whose key it shall be; it has the user's role.")],
    description: Annotated[str, typer.Option(metavar="TEXT", help="What it is for.")] = "",
    format_: Annotated[Format, typer.Option("--format", help="env: shell exports, for eval")] = Format.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Make an access key. Its secret is told now, and never again."""
    client = connect(data, endpoint)
    made = client.console.call("POST", "/api/keys", {"user": user, "description": description})
    found = {
        "LIUYUN_ENDPOINT": client.connection.endpoint,
        "LIUYUN_ACCOUNT_ID": made["accountId"],
        "LIUYUN_ACCESS_KEY_ID": made["accessKeyId"],
        "LIUYUN_ACCESS_KEY_SECRET": made["accessKeySecret"],
    }
    print_variables(found, format_)


@keys.command("disable")
def disable(key: KeyArgument, *, data: DataOption = None, endpoint: EndpointOption = None) -> None:
    """Let a key open nothing from now on, until it is enabled."""
    connect(data, endpoint).console.call("PATCH", address(key), {"disabled": True})
    say(f"{key} is disabled.")


@keys.command("enable")
def enable(key: KeyArgument, *, data: DataOption = None, endpoint: EndpointOption = None) -> None:
    """Let a disabled key work again."""
    connect(data, endpoint).console.call("PATCH", address(key), {"disabled": False})
    say(f"{key} is enabled.")


@keys.command("delete")
def delete(key: KeyArgument, *, data: DataOption = None, endpoint: EndpointOption = None) -> None:
    """Delete a key for good. The root key can't be."""
    connect(data, endpoint).console.call("DELETE", address(key))
    say(f"{key} is deleted.")


def print_variables(found: dict[str, str], format_: Format) -> None:
    match format_:
        case Format.ENV:
            out.print(exports(found), markup=False)
        case Format.JSON:
            print_json(found)
        case Format.TEXT:
            print_table(("variable", "value"), found.items())


def address(key: str) -> str:
    return f"/api/keys/{quote(key, safe='')}"


def moment(at: int | None) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ") if at else "-"


def exports(variables: dict[str, str]) -> str:
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())
