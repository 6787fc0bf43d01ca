"""`liuyun keys show`: what the first start printed, again."""

import os
import shlex
from enum import StrEnum
from typing import Annotated

import typer

from liuyun.cli.connection import DEFAULT_ENDPOINT, DataOption, EndpointOption, data_folder, keys_of, written_endpoint
from liuyun.cli.output import out, print_json, print_table

keys = typer.Typer(no_args_is_help=True, help="Access keys.")


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
    match format_:
        case Format.ENV:
            out.print(exports(found), markup=False)
        case Format.JSON:
            print_json(found)
        case Format.TEXT:
            print_table(("variable", "value"), found.items())


def exports(variables: dict[str, str]) -> str:
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())
