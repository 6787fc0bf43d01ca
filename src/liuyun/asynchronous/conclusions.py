"""What follows from a try, and its one commit."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from liuyun.asynchronous.core.destinations import (
    FUNCTION_BYTES,
    MESSAGE_BYTES,
    Ended,
    FunctionTarget,
    destination_of,
    event,
    parse,
)
from liuyun.asynchronous.core.progress import STOPPED, Finish, Retry
from liuyun.asynchronous.core.tasks import LONGEST_ERROR, moved
from liuyun.asynchronous.ports import Ports
from liuyun.asynchronous.trying import Tried
from liuyun.errors import PlatformError
from liuyun.ids import Ids
from liuyun.model.asynchronous import Accepted, Task, TaskStatus
from liuyun.model.invocation import Invocation
from liuyun.storage.database import Transaction
from liuyun.storage.stores import async_tasks as tasks
from liuyun.storage.stores import asynchronous as store
from liuyun.storage.stores.asynchronous import HandOver

MOST_HOPS = 16  # functions that are each other's destinations would never come to an end

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Conclusion:
    """`follow` is what goes to the destination. `longest` bounds what is kept of what the function returned."""

    accepted: Accepted
    verdict: Retry | Finish
    tried: Tried | None
    follow: Accepted | HandOver | None
    now: int
    longest: int


def follow_up(
    accepted: Accepted, ended: Ended, *, ports: Ports, ids: Ids, region: str, now: int
) -> Accepted | HandOver | None:
    """What the destination is to get: an invocation of a function, or an account for a queue or topic."""
    destination = destination_of(accepted.config, ended.finish)
    if not destination:
        return None
    call = accepted.invocation
    try:
        target = parse(destination)
    except PlatformError as error:  # checked when it was configured, so this is for what other releases have stored
        log.warning("destination given up", target=destination, function=accepted.key, reason=error.message)
        return None
    if not isinstance(target, FunctionTarget):
        body = event(accepted, ended, region=region, now=now, limit=MESSAGE_BYTES).decode()
        task_id = accepted.invocation_id if accepted.config.stateful else ""
        return HandOver(call.account_id, destination, call.service, call.function, task_id, body)
    if accepted.hops >= MOST_HOPS:
        log.warning("destination given up", target=destination, function=accepted.key, reason="they call each other")
        return None
    config = ports.configure(call.account_id, target.service, target.qualifier, target.function)
    request_id = ids.uuid()
    following = Invocation(
        account_id=call.account_id,
        service=target.service,
        function=target.function,
        payload=event(accepted, ended, region=region, now=now, limit=FUNCTION_BYTES),
        request_id=request_id,
        qualifier=target.qualifier,
        source="destination",
    )
    return Accepted(
        invocation=following, invocation_id=request_id, config=config, enqueued_at=now, hops=accepted.hops + 1
    )


def record(tx: Transaction, conclusion: Conclusion, place: Callable[[Transaction, Accepted], None]) -> Retry | Finish:
    """What was decided; a retry of what somebody stops meanwhile becomes its end."""
    accepted, verdict = conclusion.accepted, conclusion.verdict
    task = tasks.find(tx, accepted.key, accepted.invocation_id) if accepted.config.stateful else None
    if isinstance(verdict, Retry):
        if task is None or task.status is not TaskStatus.STOPPING:
            put_off(tx, accepted, verdict)
            if task is not None:
                tasks.update(
                    tx, moved(tried_again(task, conclusion), TaskStatus.RETRYING, conclusion.now, why(conclusion))
                )
            return verdict
        verdict = STOPPED
    elif isinstance(conclusion.follow, Accepted):
        place(tx, conclusion.follow)
    elif conclusion.follow is not None:
        store.hand_over(tx, conclusion.follow, conclusion.now)
    store.finish(tx, accepted.number)
    if task is not None:
        tasks.update(tx, moved(ended(task, conclusion), verdict.status, conclusion.now, why(conclusion)))
    return verdict


def put_off(tx: Transaction, accepted: Accepted, retry: Retry) -> None:
    store.retry(
        tx,
        accepted.number,
        due_at=retry.due_at,
        failures=retry.failures,
        throttles=retry.throttles,
        throttled_since=retry.throttled_since,
    )


def why(conclusion: Conclusion) -> str:
    return conclusion.tried.error if conclusion.tried else ""


def tried_again(task: Task, conclusion: Conclusion) -> Task:
    tried = conclusion.tried
    result = tried.result if tried else None
    if result is None:
        return replace(task, error=why(conclusion)[:LONGEST_ERROR])
    return replace(
        task,
        duration_ms=result.duration_ms,
        instance_id=result.instance_id,
        retries=conclusion.accepted.failures,
        error=why(conclusion)[:LONGEST_ERROR],
    )


def ended(task: Task, conclusion: Conclusion) -> Task:
    tried = conclusion.tried
    returned = tried.result.payload if tried and tried.result and tried.result.error_type is None else b""
    told = "Succeeded" if isinstance(conclusion.follow, Accepted) else ""
    return replace(tried_again(task, conclusion), returned=returned[: conclusion.longest], destination_status=told)
