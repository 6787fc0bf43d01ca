"""`liuyun flow`: executions by hand."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from liuyun.cli.client import Client
from liuyun.cli.client.flows import ENDED, WAIT_S
from liuyun.cli.connection import DataOption, EndpointOption, connect
from liuyun.cli.failure import WRONG_USAGE, Failure
from liuyun.cli.history import Visit, visits
from liuyun.cli.output import Output, out, print_json, print_table
from liuyun.cli.steps import StepDisplay

flow = typer.Typer(no_args_is_help=True, help="Start, watch and stop: executions of flows.")

FlowArgument = Annotated[str, typer.Argument(metavar="FLOW")]
ExecutionArgument = Annotated[str, typer.Argument(metavar="EXECUTION")]
OutputOption = Annotated[Output, typer.Option(help="text or json")]
POLL_S = 0.3


@flow.command("start")
def start(
    name: FlowArgument,
    *,
    execution: Annotated[str, typer.Option("--name", help="The execution's name; one is made up without it.")] = "",
    input_: Annotated[str, typer.Option("--input", metavar="JSON", help="A JSON object; @FILE or - reads it.")] = "{}",
    watch: Annotated[bool, typer.Option("--watch", help="Show its steps until it ends.")] = False,
    output: OutputOption = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Start an execution; prints its name."""
    client = connect(data, endpoint)
    started = client.flows.call("StartExecution", FlowName=name, ExecutionName=execution, Input=read_input(input_))
    if watch:
        finish(watched(client, name, started["Name"]), output)
    elif output is Output.JSON:
        print_json(started)
    else:
        out.print(started["Name"], markup=False)


@flow.command("describe")
def describe(
    name: FlowArgument,
    execution: Annotated[str | None, typer.Argument(metavar="[EXECUTION]")] = None,
    *,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until the execution has ended.")] = False,
    output: OutputOption = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Show a flow, or one of its executions."""
    client = connect(data, endpoint)
    if execution is None:
        found = client.flows.call("DescribeFlow", Name=name)
    else:
        found = describe_execution(client, name, execution)
        while wait and found["Status"] not in ENDED:
            found = describe_execution(client, name, execution, wait_s=WAIT_S)
    if output is Output.JSON:
        print_json(found)
        return
    hidden = {"RequestId", "FlowDefinition"}
    print_table(("field", "value"), [(key, value) for key, value in found.items() if key not in hidden])


@flow.command("history")
def history(
    name: FlowArgument,
    execution: ExecutionArgument,
    *,
    output: OutputOption = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Every event of an execution."""
    found = connect(data, endpoint).flows.all("GetExecutionHistory", "Events", FlowName=name, ExecutionName=execution)
    if output is Output.JSON:
        print_json(list(found))
        return
    columns = ("id", "time", "type", "step", "detail")
    rows = [(e["EventId"], e["Time"], e["Type"], e.get("StepName", ""), e.get("EventDetail", "")) for e in found]
    print_table(columns, rows)


@flow.command("watch")
def watch(
    name: FlowArgument,
    execution: ExecutionArgument,
    *,
    output: OutputOption = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Show the steps of an execution as they happen. The exit code is 0 when it succeeds."""
    finish(watched(connect(data, endpoint), name, execution), output)


@flow.command("stop")
def stop(
    name: FlowArgument,
    execution: ExecutionArgument,
    *,
    error: Annotated[str, typer.Option(help="What its history shall say.")] = "",
    cause: Annotated[str, typer.Option(help="Why, in words.")] = "",
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Stop a running execution."""
    client = connect(data, endpoint)
    client.flows.call("StopExecution", FlowName=name, ExecutionName=execution, Error=error, Cause=cause)
    out.print(f"{execution} of {name} was stopped.", markup=False)


@flow.command("list")
def list_(
    name: Annotated[str | None, typer.Argument(metavar="[FLOW]")] = None,
    *,
    status: Annotated[str, typer.Option(help="Running, Succeeded, Failed, Stopped or TimedOut")] = "",
    output: OutputOption = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """List the flows, or the executions of one."""
    flows = connect(data, endpoint).flows
    if name is None:
        found = flows.all("ListFlows", "Flows")
        columns = ("Name", "LastModifiedTime", "Description")
    else:
        found = flows.all("ListExecutions", "Executions", FlowName=name, Status=status)
        columns = ("Name", "Status", "StartedTime", "StoppedTime")
    if output is Output.JSON:
        print_json(list(found))
    else:
        print_table(columns, ([item.get(column, "") for column in columns] for item in found))


def describe_execution(client: Client, flow_name: str, execution: str, *, wait_s: int = 0) -> dict[str, Any]:
    wait = str(wait_s) if wait_s else ""
    return client.flows.call("DescribeExecution", FlowName=flow_name, ExecutionName=execution, WaitTimeSeconds=wait)


def watched(client: Client, flow_name: str, execution: str) -> dict[str, Any]:
    """Shows the steps until the execution has ended; its last description."""
    description: dict[str, Any] = {}
    with StepDisplay() as display:
        for found, description in progress(client, flow_name, execution):  # noqa: B007 - the last one is the result
            display.show(found)
    return description


def progress(client: Client, flow_name: str, execution: str) -> Iterator[tuple[list[Visit], dict[str, Any]]]:
    """The visits so far and the execution, again and again until it has ended."""
    while True:
        description = describe_execution(client, flow_name, execution)
        events = client.flows.all("GetExecutionHistory", "Events", FlowName=flow_name, ExecutionName=execution)
        yield list(visits(events)), description
        if description["Status"] in ENDED:
            return
        time.sleep(POLL_S)


def finish(description: dict[str, Any], output: Output) -> None:
    if output is Output.JSON:
        print_json(description)
    else:
        out.print(f"{description['Name']}: {description['Status']}", markup=False)
        if description.get("Output"):
            out.print(description["Output"], markup=False)
    if description["Status"] != "Succeeded":
        raise typer.Exit(1)


def read_input(text: str) -> str:
    """The JSON object, checked here so that a slip is named before anything is sent."""
    try:
        if text == "-":
            text = sys.stdin.read()
        elif text.startswith("@"):
            text = Path(text[1:]).read_text()
        document = json.loads(text)
    except OSError as error:
        raise Failure(f"The input file {text[1:]} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Failure("The input is not UTF-8.", exit_code=WRONG_USAGE) from None
    except RecursionError:
        raise Failure("The input is nested too deeply.", exit_code=WRONG_USAGE) from None
    except ValueError as error:
        raise Failure(f"The input is not JSON: {error}.", exit_code=WRONG_USAGE) from None
    if not isinstance(document, dict):
        raise Failure('The input must be a JSON object, like {"merchant": "flowershop"}.', exit_code=WRONG_USAGE)
    return text
