"""The vendor's clients of the 2016 API, pointed at a platform."""

import http.client
import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import fc2
import pytest
from fc2.fc_exceptions import FcError

from liuyun.testing.platform import Running
from tests.contract.node import node_modules, run_node

NODE_CLIENT = "@alicloud/fc2@2.6.6"


def python(running: Running, **options: str) -> fc2.Client:
    """aliyun-fc2."""
    keys = {"accessKeyID": running.access_key_id, "accessKeySecret": running.access_key_secret, **options}
    return fc2.Client(endpoint=running.endpoint, **keys)


def node(running: Running, script: str) -> str:
    """What a script prints; `client` in it is @alicloud/fc2's, `show(value)` prints JSON."""
    env = {
        "NODE_PATH": str(node_modules(NODE_CLIENT)),
        "ENDPOINT": running.endpoint,
        "ACCOUNT": running.account_id,
        "KEY": running.access_key_id,
        "SECRET": running.access_key_secret,
    }
    return run_node(PRELUDE % script, env)


PRELUDE = """
const FC = require('@alicloud/fc2');
const {ENDPOINT, ACCOUNT, KEY, SECRET} = process.env;
const client = new FC(ACCOUNT, {
  endpoint: ENDPOINT, region: 'cn-hangzhou', accessKeyID: KEY, accessKeySecret: SECRET, timeout: 30000,
});
const show = (value) => console.log(JSON.stringify(value));
(async () => {
  %s
})().catch((error) => { console.error(error); process.exit(1); });
"""


def zip_text(files: Mapping[str, str]) -> str:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)  # without the time, so that the same text is the same package
    return b64encode(buffer.getvalue()).decode()


def custom_function(service: "Deployed", name: str, files: Mapping[str, str], **options: Any) -> None:
    """By the API itself: the client's own method doesn't know custom runtimes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in files.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = 0o755 << 16
            archive.writestr(entry, text)
    document = {
        "functionName": name,
        "runtime": "custom",
        "handler": "not used",
        "timeout": 10,
        "instanceConcurrency": 10,
        "code": {"zipFile": b64encode(buffer.getvalue()).decode()},
        **options,
    }
    post(service.client, f"/services/{service.service}/functions", document)


class Kept(http.client.HTTPConnection):
    """A connection that is kept, to which head and body go in one piece; the library's own sends two."""

    def request(self, *args: Any, **options: Any) -> None:
        self._pieces: list[bytes] = []
        super().request(*args, **options)
        super().send(b"".join(self._pieces))

    def send(self, data: Any) -> None:
        self._pieces.append(data)


class Deployed:
    """A service with functions made from source texts, each in a folder of its own."""

    def __init__(self, client: fc2.Client, folder: Path, service: str) -> None:
        self.client = client
        self.folder = folder
        self.service = service
        client.create_service(service, role="acs:ram::1234567890123456:role/test")

    def function(self, name: str, code: str, *, handler: str = "index.handler", **options: Any) -> str:
        folder = self.folder / name
        folder.mkdir()
        (folder / "index.py").write_text(code)
        options = {"runtime": "python3", "timeout": 10, **options}
        self.client.create_function(self.service, name, handler=handler, codeDir=str(folder), **options)
        return name

    def http_function(self, name: str, code: str, *, auth: str = "anonymous", **options: Any) -> str:
        self.function(name, code, **options)
        config = {"authType": auth, "methods": ["GET", "POST", "HEAD", "PUT"]}
        self.client.create_trigger(self.service, name, "web", "http", config, None, None)
        return name

    def invoke(self, name: str, event: bytes = b"", headers: Mapping[str, str] | None = None) -> Any:
        return self.client.invoke_function(self.service, name, payload=event, headers=headers or {})

    def printed(self, name: str, text: str) -> None:
        printed(self.client, self.service, name, text)

    def call(self, method: str, name: str, path: str, **options: Any) -> Any:
        return self.client.do_http_request(method, self.service, name, path, **options)


def printed(client: fc2.Client, service: str, function: str, text: str) -> None:
    """Waits for a line of a function's log."""
    path = "/2016-08-15/liuyun/logs"
    wanted = {"service": service, "function": function, "contains": text, "cursor": "0", "wait": "10"}
    headers = client._build_common_headers("GET", path)
    answer = client._do_request("GET", path, headers, params=wanted)
    assert answer.json()["lines"], f"'{text}' was not printed"


def get_json(client: fc2.Client, path: str) -> Any:
    """What is answered, as it stands: the newer clients make empty lists of what isn't there."""
    return client._do_request("GET", path, client._build_common_headers("GET", path)).json()


def post(client: fc2.Client, path: str, document: object) -> Any:
    """What the client's own methods won't send: they leave the files that they read open."""
    path = f"/2016-08-15{path}"
    headers = client._build_common_headers("POST", path)
    return client._do_request("POST", path, headers, body=json.dumps(document).encode())


def refused(call: Callable[[], object]) -> FcError:
    with pytest.raises(FcError) as caught:
        call()
    return caught.value
