"""Functions' logs for `liuyun logs` and the console. An extension of this platform: the vendor keeps logs in its log
service. Signed as all else here; documented in docs/reference/api-extensions.md.
"""

from typing import Any

from liuyun.errors import Invalid
from liuyun.gateway.fc.call import Call, answer, integer
from liuyun.gateway.http import Response
from liuyun.logs.chunks import LogPage, Wanted
from liuyun.model.function import own_service
from liuyun.model.log import LogLine

MOST_LINES = 1000
LONGEST_WAIT_S = 30
LONGEST_TEXT = 256


async def get_logs(call: Call) -> Response:
    query = call.query()
    function = query.get("function", "")
    if not function:
        raise Invalid("function, and service if it has one, must name the function whose log is wanted")
    service = query.get("service", "") or own_service(function)
    page = await find(call, (call.account_id, service, function), query)
    if not page.lines:
        await call.platform.functions.get(call.account_id, service, function)
    return answer(call, {"lines": [line_body(line) for line in page.lines], "cursor": str(page.cursor)})


async def find(call: Call, source: tuple[str, str, str], query: dict[str, str]) -> LogPage:
    wanted = Wanted(
        since=integer(query, "since", 0, low=0, high=2**50),
        request_id=query.get("requestId", "")[:LONGEST_TEXT],
        contains=query.get("contains", "")[:LONGEST_TEXT],
    )
    limit = integer(query, "limit", 100, low=1, high=MOST_LINES)
    wait_s = integer(query, "wait", 0, low=0, high=LONGEST_WAIT_S)
    logs = call.platform.logs
    if not query.get("cursor"):
        return await logs.query(source, wanted, limit=limit)
    cursor = integer(query, "cursor", 0, low=0, high=2**62)
    waiting = logs.wait(source, wanted, cursor=cursor, limit=limit, wait_ms=wait_s * 1000)
    return await call.request.unless_disconnected(waiting)


def line_body(line: LogLine) -> dict[str, Any]:
    return {
        "time": line.at,
        "requestId": line.request_id,
        "instanceId": line.instance_id,
        "versionId": line.version_id,
        "stream": line.stream,
        "text": line.text,
    }
