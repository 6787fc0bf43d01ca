"""`liuyun queue` and `liuyun topic`: messages by hand."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import Annotated

import typer

from liuyun.cli.connection import DataOption, EndpointOption, connect
from liuyun.cli.failure import Failure
from liuyun.cli.output import Output, out, print_json, say

queue = typer.Typer(no_args_is_help=True, help="Send, receive and list: queues.")
topic = typer.Typer(no_args_is_help=True, help="Publish and list: topics; what has yet to be delivered.")

Base64Option = Annotated[
    bool, typer.Option("--base64", help="Bodies travel as base64, as the vendor's Python SDK sends and expects them.")
]
OutputOption = Annotated[Output, typer.Option(help="text or json")]
PrefixOption = Annotated[str, typer.Option(help="Only names that begin so.")]


@queue.command("send")
def send(
    name: Annotated[str, typer.Argument(metavar="QUEUE")],
    body: Annotated[str, typer.Argument(metavar="BODY")],
    *,
    priority: Annotated[int | None, typer.Option(min=1, max=16, help="1 is the highest.")] = None,
    delay: Annotated[int | None, typer.Option(min=0, max=604800, help="Seconds until it can be received.")] = None,
    base64: Base64Option = False,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Put one message into a queue; prints its id."""
    fields = {"MessageBody": outgoing(body, base64=base64), "DelaySeconds": delay, "Priority": priority}
    out.print(connect(data, endpoint).messages.send(name, fields)["MessageId"], markup=False)


@queue.command("receive")
def receive(
    name: Annotated[str, typer.Argument(metavar="QUEUE")],
    *,
    wait: Annotated[int, typer.Option(min=0, max=30, help="Seconds to wait for a message.")] = 0,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave it in the queue; it comes back when its visibility timeout ends.")
    ] = False,
    peek: Annotated[bool, typer.Option("--peek", help="Look at the next message without receiving it.")] = False,
    base64: Base64Option = False,
    output: OutputOption = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Take one message out of a queue and print its body. The exit code is 1 when there is none."""
    messages = connect(data, endpoint).messages
    message = messages.receive(name, wait, peek=peek)
    if message is None:
        say(f"There is no message in {name}.")
        raise typer.Exit(1)
    body = incoming(message["MessageBody"], base64=base64)
    if output is Output.JSON:
        print_json({**message, "MessageBody": body})
    else:
        out.print(body, markup=False)
    if not (keep or peek):
        messages.delete(name, message["ReceiptHandle"])


@queue.command("list")
def list_queues(
    *,
    prefix: PrefixOption = "",
    output: OutputOption = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Names of the queues."""
    show_names(list(connect(data, endpoint).messages.names("Queue", prefix)), output)


@topic.command("publish")
def publish(
    name: Annotated[str, typer.Argument(metavar="TOPIC")],
    body: Annotated[str, typer.Argument(metavar="BODY")],
    *,
    tag: Annotated[str, typer.Option(help="Subscriptions may filter by it.")] = "",
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Publish one message; prints its id."""
    receipt = connect(data, endpoint).messages.publish(name, {"MessageBody": body, "MessageTag": tag})
    out.print(receipt["MessageId"], markup=False)


@topic.command("list")
def list_topics(
    *,
    prefix: PrefixOption = "",
    output: OutputOption = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Names of the topics."""
    show_names(list(connect(data, endpoint).messages.names("Topic", prefix)), output)


def show_names(names: list[str], output: Output) -> None:
    if output is Output.JSON:
        print_json(names)
        return
    for name in names:
        out.print(name, markup=False)


def outgoing(body: str, *, base64: bool) -> str:
    return b64encode(body.encode()).decode() if base64 else body


def incoming(body: str, *, base64: bool) -> str:
    try:
        return b64decode(body, validate=True).decode() if base64 else body
    except (NotBase64, ValueError):
        raise Failure("The message is not base64 text; receive it without --base64.") from None
