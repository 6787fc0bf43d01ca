"""`liuyun logs`: what a function printed and logged."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from liuyun.cli.client import Client
from liuyun.cli.connection import DataOption, EndpointOption, connect
from liuyun.cli.invoke import FunctionArgument, service_and_name
from liuyun.cli.output import Output, out, print_json

TIMES = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"]
WAIT_S = 20  # of one long poll


def logs(
    function: FunctionArgument,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as it comes; Ctrl-C ends it.")] = False,
    request_id: Annotated[str, typer.Option(help="Only this invocation.")] = "",
    contains: Annotated[str, typer.Option(help="Only lines with this text.")] = "",
    since: Annotated[
        datetime | None, typer.Option(help="Only lines since this time of UTC, from there on.", formats=TIMES)
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many of the latest lines.")] = 100,
    output: Annotated[Output, typer.Option(help="text or json")] = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Show the latest lines of a function's log."""
    service, name = service_and_name(function)
    client = connect(data, endpoint)
    query = {"service": service, "function": name, "requestId": request_id, "contains": contains, "limit": str(limit)}
    if since is not None:
        query["since"] = str(round(since.replace(tzinfo=UTC).timestamp() * 1000))
    page = ask(client, query)
    show(page["lines"], output, follow=follow)
    while follow:
        page = ask(client, {**query, "limit": "1000", "cursor": page["cursor"], "wait": str(WAIT_S)})
        show(page["lines"], output, follow=True)


def ask(client: Client, query: dict[str, str]) -> dict[str, Any]:
    """One page; with a cursor, what came after it, waited for. Source: docs/reference/api-extensions.md."""
    return client.functions.get("/liuyun/logs", **query)


def show(lines: list[dict[str, Any]], output: Output, *, follow: bool) -> None:
    if output is Output.JSON and not follow:
        print_json(lines)
        return
    for line in lines:
        if output is Output.JSON:
            print_json(line)
        else:
            out.print(text_of(line), markup=False)


def text_of(line: dict[str, Any]) -> str:
    moment = datetime.fromtimestamp(line["time"] / 1000, UTC)
    return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d} {line['requestId'][:8]:8} {line['text']}"
