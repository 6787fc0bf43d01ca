"""Every operation of the API: its method, the shape of its path, and what in the query tells it from its neighbours."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from liuyun.gateway.http import Response
from liuyun.gateway.mns import account_handlers as account
from liuyun.gateway.mns import message_handlers as message
from liuyun.gateway.mns import queue_handlers as queue
from liuyun.gateway.mns import topic_handlers as topic
from liuyun.gateway.mns.acts import Acting
from liuyun.gateway.mns.call import Call
from liuyun.gateway.mns.errors import InvalidAddress
from liuyun.gateway.mns.query import Query


@dataclass(frozen=True, slots=True)
class Operation:
    """`flag`: a query item that must be true. `query`: the names, in lower case, that may stand in the query.
    `act`: what it does, where that needs no more than the queue.
    """

    name: str
    method: str
    path: str
    handle: Callable[[Call], Awaitable[Response]]
    flag: str = ""
    query: frozenset[str] = frozenset()
    act: Acting | None = None

    def takes(self, query: Query) -> bool:
        return not self.flag or query.flag(self.flag)


OVERRIDE, ACCOUNT, PEEK = "metaoverride", "accountmeta", "peekonly"
OPERATIONS = (
    Operation("SetAccountAttributes", "PUT", "/", account.set_attributes, ACCOUNT, frozenset({ACCOUNT})),
    Operation("GetAccountAttributes", "GET", "/", account.get_attributes, ACCOUNT, frozenset({ACCOUNT})),
    Operation("OpenService", "POST", "/commonbuy/openservice", account.open_service),
    Operation("ListQueue", "GET", "/queues", queue.list_),
    Operation("SetQueueAttributes", "PUT", "/queues/*", queue.set_attributes, OVERRIDE, frozenset({OVERRIDE})),
    Operation("CreateQueue", "PUT", "/queues/*", queue.create, query=frozenset({OVERRIDE})),
    Operation("GetQueueAttributes", "GET", "/queues/*", queue.get_attributes),
    Operation("DeleteQueue", "DELETE", "/queues/*", queue.delete),
    Operation("SendMessage", "POST", "/queues/*/messages", message.send, act=message.sending),
    Operation(
        "PeekMessage",
        "GET",
        "/queues/*/messages",
        message.peek,
        PEEK,
        frozenset({PEEK, "numofmessages"}),
        act=message.peeking,
    ),
    Operation(
        "ReceiveMessage",
        "GET",
        "/queues/*/messages",
        message.receive,
        query=frozenset({PEEK, "numofmessages", "waitseconds"}),
        act=message.receiving,
    ),
    Operation(
        "DeleteMessage",
        "DELETE",
        "/queues/*/messages",
        message.delete,
        query=frozenset({"receipthandle"}),
        act=message.deleting,
    ),
    Operation(
        "ChangeMessageVisibility",
        "PUT",
        "/queues/*/messages",
        message.change_visibility,
        query=frozenset({"receipthandle", "visibilitytimeout"}),
        act=message.changing_visibility,
    ),
    Operation("ListTopic", "GET", "/topics", topic.list_),
    Operation("SetTopicAttributes", "PUT", "/topics/*", topic.set_attributes, OVERRIDE, frozenset({OVERRIDE})),
    Operation("CreateTopic", "PUT", "/topics/*", topic.create, query=frozenset({OVERRIDE})),
    Operation("GetTopicAttributes", "GET", "/topics/*", topic.get_attributes),
    Operation("DeleteTopic", "DELETE", "/topics/*", topic.delete),
    Operation("PublishMessage", "POST", "/topics/*/messages", topic.publish),
    Operation("ListSubscriptionByTopic", "GET", "/topics/*/subscriptions", topic.list_subscriptions),
    Operation(
        "SetSubscriptionAttributes",
        "PUT",
        "/topics/*/subscriptions/*",
        topic.set_subscription_attributes,
        OVERRIDE,
        frozenset({OVERRIDE}),
    ),
    Operation("Subscribe", "PUT", "/topics/*/subscriptions/*", topic.subscribe, query=frozenset({OVERRIDE})),
    Operation("GetSubscriptionAttributes", "GET", "/topics/*/subscriptions/*", topic.get_subscription_attributes),
    Operation("Unsubscribe", "DELETE", "/topics/*/subscriptions/*", topic.unsubscribe),
)
Address = tuple[str, int, tuple[str, ...]]  # method, number of parts, and every other part: those between are names


def address(method: str, parts: Sequence[str]) -> Address:
    return method, len(parts), tuple(parts[::2])


def by_address(operations: Iterable[Operation]) -> dict[Address, list[Operation]]:
    found: dict[Address, list[Operation]] = {}
    for operation in operations:
        found.setdefault(address(operation.method, operation.path.split("/")[1:]), []).append(operation)
    return found


BY_ADDRESS = by_address(OPERATIONS)


def route(method: str, path: str, query: Query) -> tuple[Operation, tuple[str, ...]]:
    """The operation and the names in its path. Raises InvalidAddress; InvalidQuery for a query that isn't its own."""
    parts = path.split("/")[1:]
    for candidate in BY_ADDRESS.get(address(method, parts), ()):
        if candidate.takes(query) and ("*" in candidate.path or candidate.path == path):
            query.check(candidate.query)
            return candidate, tuple(parts[1::2])
    raise InvalidAddress(f"{method} {path[:200]} is not an operation of the message service.")
