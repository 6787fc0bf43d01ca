"""`liuyun invocations` and `liuyun trigger`: how calls and triggers of a function went."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from liuyun.cli.connection import DataOption, EndpointOption, connect
from liuyun.cli.failure import Failure
from liuyun.cli.invoke import service_and_name
from liuyun.cli.output import Output, out, print_json

NamedFunction = Annotated[
    str, typer.Argument(metavar="SERVICE/FUNCTION", help="FUNCTION alone for one that has no service (FC 3.0)")
]

trigger = typer.Typer(no_args_is_help=True, help="See triggers: what they delivered, what failed, how late.")


def invocations(
    function: NamedFunction,
    *,
    outcome: Annotated[str, typer.Option(help="Only these: ok, error, throttled, refused or cancelled.")] = "",
    request_id: Annotated[str, typer.Option(help="Only this one and its retries.")] = "",
    source: Annotated[str, typer.Option(help="Only those caused by: api, http, timer, mns_topic, flow …")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many of the latest.")] = 20,
    output: Annotated[Output, typer.Option(help="text or json")] = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Show a function's latest invocations, the newest first."""
    query = {"outcome": outcome, "requestId": request_id, "source": source, "limit": str(limit), **named(function)}
    found = connect(data, endpoint).functions.get("/liuyun/invocations", **query)["invocations"]
    if output is Output.JSON:
        print_json(found)
    else:
        out.print(table_of(found))


@trigger.command("list")
def list_triggers(
    function: NamedFunction,
    *,
    output: Annotated[Output, typer.Option(help="text or json")] = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Show a function's triggers and how their deliveries go, since the platform's start."""
    found = ask(function, data, endpoint)
    if output is Output.JSON:
        print_json(found)
        return
    table = Table("trigger", "type", "version", "delivered", "failed", "mean lag ms", "worst lag ms", box=None)
    for each in found:
        numbers = (each["delivered"], each["failed"], each["meanLagMs"], each["worstLagMs"])
        table.add_row(each["triggerName"], each["triggerType"], each["qualifier"], *map(str, numbers))
    out.print(table)


@trigger.command("show")
def show_trigger(
    function: NamedFunction,
    name: Annotated[str, typer.Argument(metavar="TRIGGER")],
    *,
    output: Annotated[Output, typer.Option(help="text or json")] = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Show the last deliveries of one trigger, the newest first."""
    found = next((each for each in ask(function, data, endpoint) if each["triggerName"] == name), None)
    if found is None:
        raise Failure(f"The function {function} has no trigger {name}.")
    if output is Output.JSON:
        print_json(found)
        return
    out.print(
        f"{found['triggerType']} trigger {name}: {found['delivered']} delivered, {found['failed']} failed, "
        f"lag {found['meanLagMs']} ms on average, {found['worstLagMs']} ms at worst",
        markup=False,
    )
    out.print(table_of(found["last"]))


def ask(function: str, data: DataOption, endpoint: EndpointOption) -> list[dict[str, Any]]:
    return connect(data, endpoint).functions.get("/liuyun/triggers", **named(function))["triggers"]


def named(function: str) -> dict[str, str]:
    service, name = service_and_name(function)
    return {"service": service, "function": name}


def table_of(records: list[dict[str, Any]]) -> Table:
    table = Table("time", "request id", "source", "outcome", "ms", "lag ms", "MB", "", box=None)
    for each in records:
        moment = datetime.fromtimestamp(each["time"] / 1000, UTC)
        notes = ["cold"] if each["coldStart"] else []
        if each["retry"]:
            notes.append(f"retry {each['retry']}")
        table.add_row(
            f"{moment:%m-%d %H:%M:%S}.{each['time'] % 1000:03d}",
            each["requestId"],
            each["source"],
            each["error"] or each["outcome"],
            f"{each['durationMs']:.1f}",
            str(each["lagMs"]),
            f"{each['memoryMb']:.1f}",
            ", ".join(notes),
        )
    return table
