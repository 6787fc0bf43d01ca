"""The platform at a glance: what runs, how calls went lately, and what wants attention."""

from pydantic import Field

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.function_models import shown_service
from liuyun.gateway.console.guard import Anybody, ThePlatform
from liuyun.gateway.console.models import Body
from liuyun.gateway.console.parts import Parts
from liuyun.model.listing import Listing
from liuyun.observability.minutes import MINUTE_MS, Minute

router = ConsoleRouter(prefix="/api/overview", tags=["overview"])
LATELY_MS = 15 * MINUTE_MS
NAMED = 5  # functions and queues that are named
MOST_QUEUES = 200  # that are looked at


class MinuteView(Body):
    """`at` is when it began; durations are those of handlers, to within a quarter."""

    at: int
    calls: int
    errors: int
    refused: int
    cold: int
    p50_ms: float
    p95_ms: float


class FunctionTrouble(Body):
    """A function that failed in the last quarter of an hour; `service` is empty for one of FC 3.0."""

    service: str
    name: str
    calls: int
    errors: int
    refused: int


class DeepQueue(Body):
    name: str
    active: int


class NowView(Body):
    """What there is at this moment."""

    instances: int
    running_calls: int
    waiting_calls: int
    memory_mb: int = Field(description="Of instances, as their functions are sized.")
    asynchronous_backlog: int
    running_executions: int
    ready_messages: int
    deliveries_under_way: int
    functions: bool = Field(description="Whether there are any.")


class OverviewView(Body):
    """`minutes` are those of the last hour since the platform's start, the running one last."""

    at: int
    now: NowView
    minutes: list[MinuteView]
    troubled: list[FunctionTrouble]
    queues: list[DeepQueue] = Field(description="Those in which most messages wait.")


@router.get("", summary="The platform at a glance", operation_id="getOverview")
async def get_overview(_: Anybody, parts: ThePlatform) -> OverviewView:
    await parts.functions.records.flush()
    now = parts.clock.now()
    page = await parts.messages.queues.list(parts.account_id, limit=MOST_QUEUES, counted=True)
    depths = [DeepQueue(name=each.queue.name, active=each.counts.active) for each in page.items if each.counts]
    deepest = sorted(depths, key=lambda each: -each.active)[:NAMED]
    return OverviewView(
        at=now,
        now=await now_view(parts, sum(each.active for each in depths)),
        minutes=[minute_view(minute) for minute in parts.functions.minutes.until(now)],
        troubled=troubled(parts, now),
        queues=[each for each in deepest if each.active],
    )


async def now_view(parts: Parts, ready_messages: int) -> NowView:
    found = parts.functions.statistics()
    compute, asynchronous = found.get("compute", {}), found.get("asynchronous", {})
    services = await parts.functions.catalog.services.list(parts.account_id, Listing(limit=1))
    return NowView(
        instances=compute.get("instances", 0),
        running_calls=compute.get("running", 0),
        waiting_calls=compute.get("waiting", 0),
        memory_mb=compute.get("memory_mb", 0),
        asynchronous_backlog=asynchronous.get("backlog", 0),
        running_executions=await parts.flows.running(),
        ready_messages=ready_messages,
        deliveries_under_way=found.get("deliveries", {}).get("under_way", 0),
        functions=bool(services.items),
    )


def minute_view(minute: Minute) -> MinuteView:
    whole, sums = minute.whole, minute.whole.sums
    return MinuteView(
        at=minute.at,
        calls=sums.calls,
        errors=sums.errors,
        refused=sums.refused,
        cold=sums.cold,
        p50_ms=round(whole.quantile_ms(0.5), 2),
        p95_ms=round(whole.quantile_ms(0.95), 2),
    )


def troubled(parts: Parts, now: int) -> list[FunctionTrouble]:
    """Those that failed most, first."""
    found = parts.functions.minutes.functions(now - LATELY_MS)
    failing = sorted(
        ((names, sums) for names, sums in found.items() if sums.errors or sums.refused),
        key=lambda each: -(each[1].errors + each[1].refused),
    )
    return [
        FunctionTrouble(
            service=shown_service(service), name=name, calls=sums.calls, errors=sums.errors, refused=sums.refused
        )
        for (service, name), sums in failing[:NAMED]
    ]
