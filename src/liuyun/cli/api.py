"""`liuyun api`: any call of the console's API, signed. What the console does, a script can."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from liuyun.cli.connection import DataOption, EndpointOption, connect
from liuyun.cli.failure import WRONG_USAGE, Failure
from liuyun.cli.output import print_json

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def api(
    method: Annotated[str, typer.Argument(metavar="METHOD", help=", ".join(METHODS))],
    path: Annotated[str, typer.Argument(metavar="PATH", help="/api/..., as /api/openapi.json lists them.")],
    *,
    body: Annotated[
        str | None, typer.Option("--body", metavar="JSON", help="@FILE reads a file, - standard input.")
    ] = None,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Call the console's API and print the answer."""
    if method.upper() not in METHODS:
        raise Failure(f"'{method}' is no method of the API: it has {', '.join(METHODS)}.", exit_code=WRONG_USAGE)
    if not path.startswith("/api/"):
        raise Failure(f"'{path}' doesn't begin with /api/.", exit_code=WRONG_USAGE)
    answer = connect(data, endpoint).console.call(method.upper(), path, None if body is None else read_body(body))
    if answer is not None:
        print_json(answer)


def read_body(text: str) -> Any:
    try:
        if text == "-":
            text = sys.stdin.read()
        elif text.startswith("@"):
            text = Path(text[1:]).read_text()
        return json.loads(text)
    except OSError as error:
        raise Failure(f"The file {text[1:]} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Failure("The body is not UTF-8.", exit_code=WRONG_USAGE) from None
    except (ValueError, RecursionError) as error:
        raise Failure(f"The body is not JSON: {error}.", exit_code=WRONG_USAGE) from None
