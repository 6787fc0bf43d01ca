"""Asynchronous invocations over HTTP: accepting them, and their tasks in both vocabularies. Sources: fc contract 1.5
to 1.7 and 4.3.
"""

from typing import Any

from liuyun.errors import Invalid
from liuyun.gateway.fc.call import Call, answer, done, integer, listing, next_token
from liuyun.gateway.http import Headers, Response
from liuyun.model.asynchronous import FunctionKey, Task, TaskFilter, TaskStatus
from liuyun.model.function import is_own
from liuyun.model.invocation import Invocation

LATEST_INSTANT = 2**50
KINDS = frozenset({"sync", "async", "task"})


def is_asynchronous(headers: Headers) -> bool:
    """`Task` is what a tool of the vendor's says for an asynchronous invocation that is kept (1.7)."""
    kind = headers.get("x-fc-invocation-type", "Sync").lower()
    if kind not in KINDS:
        raise Invalid(f"X-Fc-Invocation-Type must be Sync or Async, but is '{kind[:40]}'")
    return kind != "sync"


async def accept(call: Call, invocation: Invocation) -> Response:
    """Answered once the invocation is on disk."""
    headers = call.request.headers
    kept = headers.get("x-fc-stateful-async-invocation-enable").lower() == "true"
    invocation_id = await call.platform.asynchronous.invocations.accept(
        invocation,
        task_id=headers.get("x-fc-stateful-async-invocation-id") or headers.get("x-fc-async-task-id"),
        stateful=kept or headers.get("x-fc-invocation-type").lower() == "task",
    )
    answered = [
        ("X-Fc-Request-Id", invocation.request_id),
        ("X-Fc-Stateful-Async-Invocation-Id", invocation_id),
        ("X-Fc-Async-Task-Id", invocation_id),
    ]
    return Response(202, b"", answered)


async def list_tasks(call: Call) -> Response:
    query = call.query()
    wanted = wanted_of(query, call.service_and_qualifier()[1])
    where = listing(query)
    page = await call.platform.asynchronous.tasks.list(key(call), wanted, after=where.after, limit=where.limit)
    if not page.items:
        await exists(call)
    shown = boolean(query, "includePayload")
    bodies = [task_body(task, call, with_payload=shown) for task in page.items]
    return answer(call, {member(call, "tasks", "invocations"): bodies, **next_token(page.next_key)})


async def get_task(call: Call) -> Response:
    task = await call.platform.asynchronous.tasks.get(key(call), call.names["task"])
    return answer(call, task_body(task, call, with_payload=True))


async def stop_task(call: Call) -> Response:
    await call.platform.asynchronous.tasks.stop(key(call), call.names["task"])
    return done(call)


async def list_functions_with_tasks(call: Call) -> Response:
    where = listing(call.query())
    page = await call.platform.asynchronous.tasks.functions(call.account_id, after=where.after, limit=where.limit)
    found = [
        {"serviceName": service, "functionName": function, "qualifier": qualifier or "LATEST"}
        for service, function, qualifier in page.items
        if not is_own(service)
    ]
    return answer(call, {"data": found, **next_token(page.next_key)})


def key(call: Call) -> FunctionKey:
    return call.account_id, call.service_and_qualifier()[0], call.names["function"]


async def exists(call: Call) -> None:
    """An empty list is an answer for a function that there is. Raises what resolving does."""
    service, qualifier = call.service_and_qualifier()
    await call.platform.resolver.resolve(call.account_id, service, qualifier, call.names["function"])


def wanted_of(query: dict[str, str], qualifier: str) -> TaskFilter:
    status, order = query.get("status", ""), query.get("sortOrderByTime", "").lower()
    if status and status not in set(TaskStatus):
        raise Invalid(f"status must be one of {', '.join(TaskStatus)}, but is '{status[:40]}'")
    if order not in {"", "asc", "desc"}:
        raise Invalid(f"sortOrderByTime must be asc or desc, but is '{order[:40]}'")
    return TaskFilter(
        status=TaskStatus(status) if status else None,
        prefix=query.get("prefix", "") or query.get("invocationIdPrefix", ""),
        qualifier=qualifier,
        started_from=integer(query, "startedTimeBegin", 0, low=0, high=LATEST_INSTANT),
        started_until=integer(query, "startedTimeEnd", LATEST_INSTANT, low=0, high=LATEST_INSTANT),
        newest_first=order == "desc",
    )


def boolean(query: dict[str, str], name: str) -> bool:
    given = query.get(name, "").lower()
    if given not in {"", "true", "false"}:
        raise Invalid(f"{name} must be true or false, but is '{given[:40]}'")
    return given == "true"


def member(call: Call, newer: str, older: str) -> str:
    """The 2023 API has other names for the same things."""
    return newer if call.dialect.serviceless else older


def task_body(task: Task, call: Call, *, with_payload: bool) -> dict[str, Any]:
    """Times are milliseconds; what isn't there yet isn't sent."""
    body: dict[str, Any] = {
        member(call, "taskId", "invocationId"): task.task_id,
        "functionName": task.function,
        "qualifier": task.qualifier or "LATEST",
        "status": task.status,
        "requestId": task.request_id,
        "startedTime": task.started_at,
        "alreadyRetriedTimes": task.retries,
        "instanceId": task.instance_id,
        member(call, "taskErrorMessage", "invocationErrorMessage"): task.error,
        "returnPayload": task.returned.decode(errors="replace"),
        "destinationStatus": task.destination_status,
        "events": [
            {"eventId": event.event_id, "status": event.status, "timestamp": event.at, "eventDetail": event.detail}
            for event in task.events
        ],
    }
    if call.dialect.serviceless:
        region = call.platform.region
        body["functionArn"] = f"acs:fc:{region}:{task.account_id}:functions/{task.function}"
    else:
        body["serviceName"] = task.service
    if task.ended_at is not None:
        body |= {"endTime": task.ended_at, "durationMs": round(task.duration_ms)}
    if with_payload:
        body[member(call, "taskPayload", "invocationPayload")] = task.payload.decode(errors="replace")
    return body
