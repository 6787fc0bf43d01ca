"""Timer triggers through the vendor's client. Source: triggers contract 2.2."""

import json
from datetime import datetime
from typing import Any

from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed

CODE = "def handler(event, context):\n    print('tick', event.decode())\n"


def logged(running: Running, service: Deployed, since: str = "0") -> list[str]:
    """Waits for lines of the function's log."""
    path = "/2016-08-15/liuyun/logs"
    query = {"service": service.service, "function": "f", "cursor": since, "wait": "20", "contains": "tick"}
    client = service.client
    headers = client._build_common_headers("GET", path)
    answer: Any = client._do_request("GET", path, headers, params=query)
    return [line["text"] for line in answer.json()["lines"]]


def test_a_timer_calls_its_function(running: Running, service: Deployed):
    """On the second, with the name, the payload and the time that was due."""
    service.function("f", CODE)
    config = {"cronExpression": "@every 1s", "enable": True, "payload": "awesome-fc"}
    trigger = service.client.create_trigger(service.service, "f", "timer-trigger", "timer", config, None, None).data
    assert trigger["triggerConfig"] == config
    event = json.loads(logged(running, service)[0].removeprefix("tick "))
    assert (event["triggerName"], event["payload"]) == ("timer-trigger", "awesome-fc")
    datetime.strptime(event["triggerTime"], "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - its form is what is asked
    service.client.delete_trigger(service.service, "f", "timer-trigger")
    service.client.delete_function(service.service, "f")
