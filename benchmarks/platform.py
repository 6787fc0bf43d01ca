"""Our own side: `liuyun serve` as a process of its own on fresh data: isolation, authentication, logs, fsync on."""

import json
import sys
import tempfile
import zipfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.load import Answer, Client
from benchmarks.processes import free_port, process, wait_ready
from benchmarks.signed import Keys, fc_request, flow_request, mns_request

KEYS = Keys("1234567890123456", "LTAIbenchmark", "a-secret-for-measuring")
SERVICE = "bench"
FC = "/2016-08-15"
COMMAND = [sys.executable, "-m", "liuyun"]

ECHO = """
import time

def slow(event, context):
    time.sleep(0.1)
    return event

def event(event, context):
    return event

def http(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
"""

ECHO_SCRIPT = "exports.event = (event, context, callback) => callback(null, event);"


@dataclass(frozen=True)
class Platform:
    port: int
    pid: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def exchange(self, request: bytes) -> Answer:
        async def once() -> Answer:
            client = Client(self.port)
            try:
                return await client.exchange(request)
            finally:
                client.close()

        return uvloop.run(once())

    def fc(self, method: str, path: str, body: Mapping[str, Any]) -> None:
        self.exchange(fc_request(KEYS, method, FC + path, json.dumps(body).encode())).expect(200)

    def function(self, name: str, handler: str, runtime: str = "python3") -> None:
        """One more function of the service `bench` with the code of ECHO or ECHO_SCRIPT."""
        self.fc("POST", f"/services/{SERVICE}/functions", function(name, handler, runtime))

    def anonymous(self, name: str) -> None:
        config = {"authType": "anonymous", "methods": ["GET", "POST"]}
        body = {"triggerName": "http", "triggerType": "http", "triggerConfig": config}
        self.fc("POST", f"/services/{SERVICE}/functions/{name}/triggers", body)

    def flow(self, name: str, definition: str, mode: str = "Standard") -> None:
        made = {"Name": name, "Definition": definition, "Description": "bench", "Type": "FDL", "ExecutionMode": mode}
        self.exchange(flow_request(KEYS, "CreateFlow", **made)).expect(200)

    def service(self) -> None:
        self.fc("POST", "/services", {"serviceName": SERVICE, "description": "benchmarks"})

    def start(self, flow: str, name: str) -> None:
        request = flow_request(KEYS, "StartExecution", FlowName=flow, ExecutionName=name, Input="{}")
        self.exchange(request).expect(200)

    def finish(self, flow: str, name: str) -> None:
        """Starts an execution and waits for its end."""
        self.start(flow, name)
        wait = flow_request(KEYS, "DescribeExecution", FlowName=flow, ExecutionName=name, WaitTimeSeconds="30")
        assert b"Succeeded" in self.exchange(wait).expect(200).body

    def await_message(self, queue: str) -> None:
        """Waits until one is there."""
        self.exchange(mns_request(KEYS, "GET", f"/queues/{queue}/messages?waitseconds=30")).expect(200)

    def queue(self, name: str) -> None:
        body = '<Queue xmlns="http://mns.aliyuncs.com/doc/v1/"></Queue>'
        self.exchange(mns_request(KEYS, "PUT", f"/queues/{name}", body)).expect(201, 204)


def function(name: str, handler: str, runtime: str, *, code: str = ECHO) -> dict[str, Any]:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("index.py", code)
        package.writestr("index.js", ECHO_SCRIPT)
    return {
        "functionName": name,
        "runtime": runtime,  # python3 is the interpreter that runs the peers, too
        "handler": f"index.{handler}",
        "memorySize": 128,
        "timeout": 60,
        "code": {"zipFile": b64encode(packed.getvalue()).decode()},
    }


def invocation(name: str) -> str:
    return f"{FC}/services/{SERVICE}/functions/{name}/invocations"


@contextmanager
def platform(settings: Mapping[str, str] = {}) -> Iterator[Platform]:
    """On fresh data, with a service. `settings` as environment variables, beside those that every platform here has."""
    with tempfile.TemporaryDirectory(prefix="liuyun-bench-") as folder, serve(Path(folder), settings) as started:
        started.service()
        yield started


@contextmanager
def serve(folder: Path, settings: Mapping[str, str] = {}) -> Iterator[Platform]:
    """On what is in a folder, which stays."""
    port = free_port()
    env = {
        "LIUYUN_ACCOUNT_ID": KEYS.account_id,
        "LIUYUN_ACCESS_KEY_ID": KEYS.access_key_id,
        "LIUYUN_ACCESS_KEY_SECRET": KEYS.secret,
        "LIUYUN_LOG_LEVEL": "warning",
        **settings,
    }
    log = folder / "serve.log"
    command = [*COMMAND, "serve", f"--port={port}", f"--data={data_of(folder)}"]
    with process(command, env=env, log=log) as running:
        started = Platform(port, running.pid)
        try:
            wait_ready(f"{started.url}/healthz", running)
            yield started
        except Exception:
            print(log.read_text()[-3000:])
            raise


def data_of(folder: Path) -> Path:
    return folder / "data"
