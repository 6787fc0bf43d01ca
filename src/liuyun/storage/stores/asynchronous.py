"""Asynchronous invocations that wait or are under way, and the accounts of their ends that are to be delivered."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from liuyun.model.asynchronous import Accepted, AsyncConfig, FunctionKey
from liuyun.model.invocation import HttpCall, Invocation
from liuyun.storage.database import Row, Transaction

TargetKey = tuple[str, str]  # account_id, target


class Call(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is stored of a call beside its payload."""

    request_id: str
    config: AsyncConfig
    qualifier: str = ""
    source: str = "api"
    trigger: str = ""
    caused_at: int = 0
    traceparent: str = ""
    hops: int = 0
    tracing: dict[str, str] = {}
    http: HttpCall | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    key: FunctionKey
    count: int
    due_at: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """An account of an end for a queue or topic. `task_id` is empty unless there is a task to be told how it went."""

    account_id: str
    target: str
    service: str
    function: str
    task_id: str
    body: str
    number: int = 0
    tries: int = 0


encoder = msgspec.json.Encoder()
decoder = msgspec.json.Decoder(Call)


def insert(tx: Transaction, accepted: Accepted) -> None:
    account_id, service, function = accepted.key
    tx.run(
        "asynchronous.insert",
        account_id=account_id,
        service=service,
        function=function,
        invocation_id=accepted.invocation_id,
        kept=int(accepted.config.stateful),
        due_at=accepted.enqueued_at,
        enqueued_at=accepted.enqueued_at,
        failures=accepted.failures,
        throttles=accepted.throttles,
        throttled_since=accepted.throttled_since,
        document=encoder.encode(to_call(accepted)).decode(),
        payload=accepted.invocation.payload,
    )


def claim(tx: Transaction, key: FunctionKey, limit: int, now: int) -> list[Accepted]:
    """Takes up to `limit` due invocations, which nobody else gets then."""
    rows = tx.all("asynchronous.due", **named(key), limit=limit, now=now)
    tx.run_many("asynchronous.claim", [{"number": row["number"]} for row in rows])
    return [to_accepted(row) for row in rows]


def next_due(tx: Transaction, key: FunctionKey) -> int | None:
    row = tx.one("asynchronous.next_due", **named(key))
    return row["due_at"] if row else None


def retry(
    tx: Transaction, number: int, *, due_at: int, failures: int, throttles: int, throttled_since: int | None
) -> None:
    tx.run(
        "asynchronous.retry",
        number=number, due_at=due_at, failures=failures, throttles=throttles, throttled_since=throttled_since,
    )  # fmt: skip


def finish(tx: Transaction, number: int) -> None:
    tx.run("asynchronous.finish", number=number)


def of_task(tx: Transaction, key: FunctionKey, task_id: str) -> tuple[int, bool] | None:
    """The number of a task's invocation and whether somebody is carrying it out; None when it has ended."""
    row = tx.one("asynchronous.of_task", **named(key), task_id=task_id)
    return (row["number"], bool(row["claimed"])) if row else None


def pending(tx: Transaction) -> list[Pending]:
    """Functions with invocations to carry out; nobody is at work on any of them from here on."""
    tx.run("asynchronous.unclaim")
    return [
        Pending((row["account_id"], row["service"], row["function"]), row["n"], row["due_at"])
        for row in tx.all("asynchronous.pending")
    ]


def hand_over(tx: Transaction, account: HandOver, due_at: int) -> None:
    tx.run(
        "asynchronous.hand_over",
        account_id=account.account_id,
        target=account.target,
        service=account.service,
        function=account.function,
        task_id=account.task_id,
        due_at=due_at,
        body=account.body,
    )


def claim_handing_over(tx: Transaction, key: TargetKey, limit: int, now: int) -> list[HandOver]:
    account_id, target = key
    rows = tx.all("asynchronous.due_to_hand_over", account_id=account_id, target=target, limit=limit, now=now)
    tx.run_many("asynchronous.claim_handing_over", [{"number": row["number"]} for row in rows])
    return [to_hand_over(row) for row in rows]


def next_handing_over(tx: Transaction, key: TargetKey) -> int | None:
    account_id, target = key
    row = tx.one("asynchronous.next_handing_over", account_id=account_id, target=target)
    return row["due_at"] if row else None


def retry_handing_over(tx: Transaction, number: int, *, due_at: int, tries: int) -> None:
    tx.run("asynchronous.retry_handing_over", number=number, due_at=due_at, tries=tries)


def handed_over(tx: Transaction, number: int) -> None:
    tx.run("asynchronous.handed_over", number=number)


def targets(tx: Transaction) -> Sequence[tuple[TargetKey, int]]:
    """Where something is to be delivered and when the first of it is due; nobody is at work on it from here on."""
    tx.run("asynchronous.unclaim_handing_over")
    return [((row["account_id"], row["target"]), row["due_at"]) for row in tx.all("asynchronous.targets")]


def named(key: FunctionKey) -> dict[str, str]:
    account_id, service, function = key
    return {"account_id": account_id, "service": service, "function": function}


def to_call(accepted: Accepted) -> Call:
    call = accepted.invocation
    return Call(
        request_id=call.request_id,
        config=accepted.config,
        qualifier=call.qualifier,
        source=call.source,
        trigger=call.trigger,
        caused_at=call.caused_at,
        traceparent=call.traceparent,
        hops=accepted.hops,
        tracing=dict(call.tracing),
        http=call.http,
    )


def to_accepted(row: Row) -> Accepted:
    call = decoder.decode(row["document"])
    return Accepted(
        invocation=Invocation(
            account_id=row["account_id"],
            service=row["service"],
            function=row["function"],
            payload=row["payload"],
            request_id=call.request_id,
            qualifier=call.qualifier,
            http=call.http,
            retry_count=row["failures"],
            source=call.source,
            trigger=call.trigger,
            caused_at=call.caused_at,
            traceparent=call.traceparent,
            tracing=call.tracing,
        ),
        invocation_id=row["invocation_id"],
        config=call.config,
        enqueued_at=row["enqueued_at"],
        number=row["number"],
        failures=row["failures"],
        throttles=row["throttles"],
        throttled_since=row["throttled_since"],
        hops=call.hops,
    )


def to_hand_over(row: Row) -> HandOver:
    return HandOver(
        account_id=row["account_id"],
        target=row["target"],
        service=row["service"],
        function=row["function"],
        task_id=row["task_id"],
        body=row["body"],
        number=row["number"],
        tries=row["tries"],
    )
