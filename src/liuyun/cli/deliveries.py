"""`liuyun topic deliveries`, `retry` and `give-up`: what subscribers have yet to get."""

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

import typer

from liuyun.cli.connection import DataOption, EndpointOption, connect
from liuyun.cli.output import Output, out, print_json, print_table
from liuyun.cli.queue import OutputOption, topic

__all__ = ["topic"]  # with these commands
TopicArgument = Annotated[str, typer.Argument(metavar="TOPIC")]
SubscriptionArgument = Annotated[str, typer.Argument(metavar="SUBSCRIPTION")]
MOST = 200
COLUMNS = ("message", "next try", "failed", "put off", "why")


@topic.command("deliveries")
def deliveries(
    name: TopicArgument,
    subscription: SubscriptionArgument,
    *,
    output: OutputOption = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Deliveries that wait for their next try, the next one first, and why the last try was in vain."""
    found = connect(data, endpoint).console.call("GET", path(name, subscription), limit=MOST)
    if output is Output.JSON:
        print_json(found)
        return
    print_table(COLUMNS, (row(each) for each in found["deliveries"]))


@topic.command("retry")
def retry(
    name: TopicArgument,
    subscription: SubscriptionArgument,
    *,
    message: Annotated[str, typer.Option(metavar="ID", help="Of this message; without it, all that wait.")] = "",
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Try deliveries again now; prints how many."""
    act(name, subscription, "retry", message, data, endpoint)


@topic.command("give-up")
def give_up(
    name: TopicArgument,
    subscription: SubscriptionArgument,
    *,
    message: Annotated[str, typer.Option(metavar="ID", help="Of this message; without it, all that failed.")] = "",
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Drop deliveries that were tried in vain; prints how many. The subscriber never gets them."""
    act(name, subscription, "give-up", message, data, endpoint)


def act(name: str, subscription: str, what: str, message: str, *where: Any) -> None:
    console = connect(*where).console
    done = console.call("POST", f"{path(name, subscription)}/{what}", {"messageId": message})
    out.print(done["deliveries"], markup=False)


def path(name: str, subscription: str) -> str:
    return f"/api/topics/{quote(name, safe='')}/subscriptions/{quote(subscription, safe='')}/deliveries"


def row(found: dict[str, Any]) -> tuple[object, ...]:
    due = datetime.fromtimestamp(found["dueAt"] / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return found["messageId"], due, found["failures"], found["throttles"], found["reason"]
