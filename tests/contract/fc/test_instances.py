"""Instances as their owner sees and sets them, through the vendor's Python client. Acceptance cases 26 to 28."""

import json
import threading
import time
from base64 import b64decode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import fc2
from fc2.fc_exceptions import FcError

from liuyun.testing.clock import FakeClock
from liuyun.testing.platform import Running, running_platform
from tests.contract.fc.clients import Deployed, python

CODE = (
    "import time\nprint('loaded')\ndef handler(event, context):\n    time.sleep(float(event or 0))\n    return 'done'\n"
)
PAUSE = threading.Event()


def polled(ask: Callable[[], Any], wanted: Callable[[Any], bool]) -> Any:
    """The first answer that is as wanted."""
    deadline = time.monotonic() + 30
    while not wanted(answer := ask()):
        assert time.monotonic() < deadline, f"still {answer}"
        PAUSE.wait(0.05)
    return answer


def put(client: fc2.Client, path: str, document: object) -> None:
    """For members that the clients of the older APIs have no parameter for."""
    path = f"/2016-08-15{path}"
    client._do_request("PUT", path, client._build_common_headers("PUT", path), body=json.dumps(document).encode())


def test_a_function_at_its_cap_refuses(service: Deployed, running: Running):
    """Of two calls that overlap one is told ResourceExhausted; once the cap is gone both are served."""
    service.function("f", CODE)
    service.client.put_on_demand_config(service.service, "LATEST", "f", 1)

    def call(_: int) -> tuple[int, str]:
        try:
            answer = python(running).invoke_function(service.service, "f", b"1", qualifier="LATEST")
        except FcError as error:
            return error.status_code, error.err_code
        return 200, answer.data.decode()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(call, range(2))) == [(200, "done"), (429, "ResourceExhausted")]
        service.client.delete_on_demand_config(service.service, "LATEST", "f")
        assert list(pool.map(call, range(2))) == [(200, "done"), (200, "done")]


def test_provisioned_instances_are_reached_and_warm(service: Deployed):
    """`current` reaches the target; first calls load nothing."""
    client, name = service.client, service.service
    service.function("f", CODE)
    client.put_provision_config(name, "LATEST", "f", 2)
    polled(lambda: client.get_provision_config(name, "LATEST", "f").data, lambda config: config["current"] == 2)
    answer = client.invoke_function(name, "f", b"", qualifier="LATEST", headers={"X-Fc-Log-Type": "Tail"})
    tail = b64decode(answer.headers["X-Fc-Log-Result"]).decode()
    assert "FC Invoke Start" in tail
    assert "loaded" not in tail
    assert client.put_provision_config(name, "LATEST", "f", 0).data["target"] == 0


def test_code_that_does_not_load_is_told_of(service: Deployed):
    """`currentError` says why there is no instance."""
    client, name = service.client, service.service
    service.function("f", "import not_there\n")
    client.put_provision_config(name, "LATEST", "f", 1)
    config = polled(
        lambda: client.get_provision_config(name, "LATEST", "f").data, lambda config: bool(config["currentError"])
    )
    assert config["current"] == 0
    assert config["currentError"].startswith("ImportModuleError")
    client.put_provision_config(name, "LATEST", "f", 0)


def test_a_schedule_changes_the_target(tmp_path: Path):
    """When the time comes in Asia/Shanghai; `defaultTarget` stays as it was set."""
    clock = FakeClock(round(time.time() * 1000))
    with running_platform(tmp_path / "data", clock=clock, standard_layer=False) as running:
        service = Deployed(python(running), tmp_path, "s")
        service.function("f", CODE)
        now = datetime.fromtimestamp(clock.now() / 1000, UTC)  # however long the start took
        opens = (now + timedelta(minutes=5)).astimezone(ZoneInfo("Asia/Shanghai"))
        action = {
            "name": "open",
            "target": 2,
            "scheduleExpression": f"cron({opens.second} {opens.minute} {opens.hour} * * *)",
            "startTime": (now - timedelta(minutes=1)).isoformat(),
            "endTime": (now + timedelta(days=1)).isoformat(),
            "timeZone": "Asia/Shanghai",
        }
        put(
            service.client,
            "/services/s.LATEST/functions/f/provision-config",
            {"target": 0, "scheduledActions": [action]},
        )
        before = service.client.get_provision_config("s", "LATEST", "f").data
        running.advance(301)
        after = service.client.get_provision_config("s", "LATEST", "f").data
        assert (before["target"], before["defaultTarget"]) == (0, 0)
        assert (after["target"], after["defaultTarget"]) == (2, 0)
