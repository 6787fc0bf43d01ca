"""`liuyun invoke`: one synchronous call of a function."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from liuyun.cli.client.functions import NEWEST, Invoked
from liuyun.cli.connection import DataOption, EndpointOption, connect
from liuyun.cli.failure import WRONG_USAGE, Failure
from liuyun.cli.output import Output, print_bytes, print_json, say

FunctionArgument = Annotated[
    str,
    typer.Argument(
        metavar="[SERVICE/]FUNCTION",
        help="A qualifier follows the service, or a function without one: s.prod/f, f.prod",
    ),
]


def invoke(
    function: FunctionArgument,
    *,
    event: Annotated[str | None, typer.Option(help="The event's text.")] = None,
    event_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="A file with the event; - reads stdin.")
    ] = None,
    log: Annotated[bool, typer.Option("--log", help="Show the end of the invocation's log.")] = False,
    output: Annotated[
        Output, typer.Option(help="What to print: the result, or a JSON document about the call.")
    ] = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Call a function and print what it returns. The exit code is 1 when the function failed."""
    path, query = function_path(function)
    payload = read_event(event, event_file)
    client = connect(data, endpoint)
    about = client.functions.get(path, **query)
    answer_s = float(about.get("timeout", 60)) + float(about.get("initializationTimeout") or 0) + 60
    tail = log or output is Output.JSON
    invoked = client.functions.invoke(path, payload, query=query, tail=tail, answer_s=answer_s)
    show(invoked, output, log=log)
    if invoked.error_type:
        raise typer.Exit(1)


def function_path(function: str) -> tuple[str, dict[str, str]]:
    """With the query that names its version, where functions have no service."""
    service, name = service_and_name(function)
    if service:
        return f"/services/{service}/functions/{name}", {}
    name, _, qualifier = name.partition(".")
    return f"{NEWEST}functions/{name}", {"qualifier": qualifier} if qualifier else {}


def service_and_name(function: str) -> tuple[str, str]:
    """The service is empty where a function has none."""
    service, slash, name = function.rpartition("/")
    if not name.strip(".") or "/" in service or (slash and not service):
        raise Failure(f"'{function}' is not of the form SERVICE/FUNCTION or FUNCTION.", exit_code=WRONG_USAGE)
    return service, name


def read_event(event: str | None, file: str | None) -> bytes:
    if event is not None and file is not None:
        raise Failure("Give either --event or --event-file.", exit_code=WRONG_USAGE)
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes() if file else (event or "").encode()
    except OSError as error:
        raise Failure(f"The event file {file} can't be read: {error.strerror}.") from None


def show(invoked: Invoked, output: Output, *, log: bool) -> None:
    if output is Output.JSON:
        print_json(
            {
                "requestId": invoked.request_id,
                "errorType": invoked.error_type or None,
                "durationMs": invoked.duration_ms,
                "memoryMb": invoked.memory_mb,
                "payload": invoked.payload.decode("utf-8", "replace"),
                "log": invoked.log,
            }
        )
        return
    if log:
        say(invoked.log.replace("\r\n", "\n"), style="dim")
    print_bytes(invoked.payload)
    if invoked.error_type:
        say(f"The function failed: {invoked.error_type} (request {invoked.request_id}).", style="red")
