"""How the calls of one function went, minute by minute."""

from pydantic import Field

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.function_models import TheFunction
from liuyun.gateway.console.guard import Anybody, ThePlatform
from liuyun.gateway.console.models import Body
from liuyun.observability.minutes import Activity

router = ConsoleRouter(prefix="/api/functions", tags=["functions"])


class FunctionMinute(Body):
    """`at` is when it began; durations are those of the handler, to within a quarter, 0 if no call ran."""

    at: int
    calls: int
    errors: int = Field(description="The function's own.")
    refused: int = Field(description="Throttled, or it could not be called.")
    cold: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    instances: int = Field(description="The most that there were at the same time, looked at once a second.")


class FunctionMetrics(Body):
    """`minutes` are those of the last hour since the platform's start, the running one last."""

    at: int
    minutes: list[FunctionMinute]


@router.get("/{service}/{function}/metrics", summary="How its calls went, minute by minute",
            operation_id="getFunctionMetrics")  # fmt: skip
async def get_metrics(at: TheFunction, _: Anybody, parts: ThePlatform) -> FunctionMetrics:
    await parts.functions.records.flush()
    now = parts.clock.now()
    minutes = parts.functions.minutes.of_function((at.service, at.function), now)
    return FunctionMetrics(at=now, minutes=[minute_view(begin, activity) for begin, activity in minutes])


def minute_view(at: int, activity: Activity) -> FunctionMinute:
    sums = activity.sums
    return FunctionMinute(
        at=at,
        calls=sums.calls,
        errors=sums.errors,
        refused=sums.refused,
        cold=sums.cold,
        p50_ms=round(activity.quantile_ms(0.5), 2),
        p95_ms=round(activity.quantile_ms(0.95), 2),
        p99_ms=round(activity.quantile_ms(0.99), 2),
        instances=activity.instances,
    )
