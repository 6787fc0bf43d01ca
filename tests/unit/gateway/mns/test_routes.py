"""Which operation a request asks for."""

import pytest

from liuyun.gateway.mns.errors import InvalidAddress, InvalidQuery
from liuyun.gateway.mns.query import Query
from liuyun.gateway.mns.routes import OPERATIONS, route


@pytest.mark.parametrize(
    ("method", "path", "query", "operation", "names"),
    [
        ("GET", "/", "accountmeta=true", "GetAccountAttributes", ()),
        ("PUT", "/", "accountMeta=True", "SetAccountAttributes", ()),
        ("POST", "/commonbuy/openservice", "", "OpenService", ("openservice",)),
        ("GET", "/queues", "", "ListQueue", ()),
        ("PUT", "/queues/q", "", "CreateQueue", ("q",)),
        ("PUT", "/queues/q", "metaoverride=true", "SetQueueAttributes", ("q",)),
        ("PUT", "/queues/q", "metaoverride=false", "CreateQueue", ("q",)),
        ("GET", "/queues/q", "", "GetQueueAttributes", ("q",)),
        ("DELETE", "/queues/q", "", "DeleteQueue", ("q",)),
        ("POST", "/queues/q/messages", "", "SendMessage", ("q",)),
        ("GET", "/queues/q/messages", "waitseconds=1&numOfMessages=2", "ReceiveMessage", ("q",)),
        ("GET", "/queues/q/messages", "peekonly=true&numOfMessages=2", "PeekMessage", ("q",)),
        ("GET", "/queues/q/messages", "peekonly=false", "ReceiveMessage", ("q",)),
        ("DELETE", "/queues/q/messages", "ReceiptHandle=h", "DeleteMessage", ("q",)),
        ("PUT", "/queues/q/messages", "receiptHandle=h&visibilityTimeout=1", "ChangeMessageVisibility", ("q",)),
        ("GET", "/topics", "", "ListTopic", ()),
        ("PUT", "/topics/t", "", "CreateTopic", ("t",)),
        ("PUT", "/topics/t", "metaoverride=true", "SetTopicAttributes", ("t",)),
        ("GET", "/topics/t", "", "GetTopicAttributes", ("t",)),
        ("DELETE", "/topics/t", "", "DeleteTopic", ("t",)),
        ("POST", "/topics/t/messages", "", "PublishMessage", ("t",)),
        ("GET", "/topics/t/subscriptions", "", "ListSubscriptionByTopic", ("t",)),
        ("PUT", "/topics/t/subscriptions/s", "", "Subscribe", ("t", "s")),
        ("PUT", "/topics/t/subscriptions/s", "metaoverride=true", "SetSubscriptionAttributes", ("t", "s")),
        ("GET", "/topics/t/subscriptions/s", "", "GetSubscriptionAttributes", ("t", "s")),
        ("DELETE", "/topics/t/subscriptions/s", "", "Unsubscribe", ("t", "s")),
    ],
)
def test_every_operation_has_its_address(
    method: str, path: str, query: str, operation: str, names: tuple[str, ...]
) -> None:
    """Method, path and a flag in the query tell which it is."""
    found, in_path = route(method, path, Query(query))
    assert (found.name, in_path) == (operation, names)


def test_operations_are_listed_once() -> None:
    """No two operations share a name."""
    assert len({operation.name for operation in OPERATIONS}) == len(OPERATIONS)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/queue"),
        ("POST", "/queues/q"),
        ("GET", "/queues/q/messages/m"),
        ("GET", "/topics/t/messages"),
        ("GET", "/queues/q/subscriptions"),
        ("DELETE", "/queues"),
    ],
)
def test_addresses_of_nothing(method: str, path: str) -> None:
    """What is no operation is said to be none."""
    with pytest.raises(InvalidAddress):
        route(method, path, Query(""))


def test_a_strange_query_is_refused() -> None:
    """A name that the operation doesn't have is named."""
    with pytest.raises(InvalidQuery, match="'surprise'"):
        route("GET", "/queues/q", Query("surprise=1"))


def test_query_values_are_taken_as_they_stand() -> None:
    """A plus sign stays one; percent escapes are undone; names go in any case."""
    query = Query("ReceiptHandle=1-a+b%3D&&flag=TRUE&n=007")
    assert (query.get("receipthandle"), query.flag("Flag"), query.integer("N")) == ("1-a+b=", True, 7)
    assert (query.get("absent"), query.flag("absent"), query.integer("absent")) == (None, False, None)


@pytest.mark.parametrize("text", ["n=", "n=x", "n=-1", "n=1.5", "n=٣", "n=99999999999"])
def test_numbers_in_a_query(text: str) -> None:
    """Digits, and not too many."""
    with pytest.raises(InvalidQuery):
        Query(text).integer("n")


def test_a_query_is_bounded() -> None:
    """A longer one is refused unread."""
    with pytest.raises(InvalidQuery):
        Query("a" * 4097)
