"""The platform as a process, its functions, and who disturbs them: deploys, moved aliases, killed sandboxes."""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

import fc2

from liuyun.identity.signatures import fc
from tests.chaos.world import ACCOUNT, KEY, SECRET, answers, eventually, free_port
from tests.contract.fc.clients import zip_text

SERVICE, LEAKING, RELEASED = "load", "leaking", "released"
FUNCTIONS = (*(f"f{number}" for number in range(8)), RELEASED, LEAKING)
IDLE_S = 10  # after which an instance that nobody calls goes, so that one needn't wait long to see what is left
STEADY = "import time\nTEXT = '%s'\ndef handler(event, context):\n    time.sleep(0.005)\n    return TEXT\n"
LEAK = "kept = []\ndef handler(event, context):\n    kept.append(b'x' * (20 << 20))\n    return 'leaked'\n"


@dataclass(frozen=True)
class World:
    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> fc2.Client:
        return fc2.Client(endpoint=self.url, accessKeyID=KEY, accessKeySecret=SECRET)

    def memory_mb(self) -> float:
        """What the platform's own process has taken now; mapped pages of its database are the kernel's cache."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("RssAnon:")[2].split()[0]) / 1024

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def sandboxes(self) -> list[int]:
        """The first processes of all sandboxes: children of the platform's children."""
        parents: dict[int, int] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        zygotes = {pid for pid, parent in parents.items() if parent == self.process.pid}
        return [pid for pid, parent in parents.items() if parent in zygotes]


@contextmanager
def world(folder: Path) -> Iterator[World]:
    port = free_port()
    env = {
        **os.environ,
        "LIUYUN_ACCOUNT_ID": ACCOUNT,
        "LIUYUN_ACCESS_KEY_ID": KEY,
        "LIUYUN_ACCESS_KEY_SECRET": SECRET,
        "LIUYUN_STANDARD_LAYER": "false",
        "LIUYUN_LOG_LEVEL": "warning",
        "LIUYUN_LIMITS__INSTANCE_IDLE_S": str(IDLE_S),
    }
    command = [sys.executable, "-m", "liuyun", "serve", f"--port={port}", f"--data={folder / 'data'}"]
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
        made = World(folder, port, process)
        try:
            eventually(lambda: answers(made.url), "the platform's start")
            yield made
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def deploy_all(made: World) -> None:
    client = made.client()
    client.create_service(SERVICE)
    for name in FUNCTIONS:
        document = {
            "functionName": name,
            "runtime": "python3",
            "handler": "index.handler",
            "memorySize": 128,
            "timeout": 60,
            "code": {"zipFile": zip_text({"index.py": LEAK if name == LEAKING else STEADY % "0"})},
        }
        send(client, "POST", f"/services/{SERVICE}/functions", document)
    client.create_alias(SERVICE, "prod", client.publish_version(SERVICE, "").data["versionId"])


class Trouble:
    """One disturbance after the other, chosen by a seed."""

    def __init__(self, made: World, seed: int) -> None:
        self._world = made
        self._client = made.client()
        self._chance = random.Random(seed)
        self._version = "1"
        self.counts = {"deploys": 0, "releases": 0, "kills": 0}

    def make(self) -> None:
        self._chance.choice((self._deploy, self._release, self._kill, self._kill))()

    def _deploy(self) -> None:
        self.counts["deploys"] += 1
        name = self._chance.choice(FUNCTIONS[:8])
        code = {"zipFile": zip_text({"index.py": STEADY % self.counts["deploys"]})}
        send(self._client, "PUT", f"/services/{SERVICE}/functions/{name}", {"code": code})

    def _release(self) -> None:
        """A new version for the alias, and the old one is deleted."""
        self.counts["releases"] += 1
        code = {"zipFile": zip_text({"index.py": STEADY % f"release {self.counts['releases']}"})}
        send(self._client, "PUT", f"/services/{SERVICE}/functions/{RELEASED}", {"code": code})
        old, self._version = self._version, self._client.publish_version(SERVICE, "").data["versionId"]
        self._client.update_alias(SERVICE, "prod", self._version)
        self._client.delete_version(SERVICE, old)

    def _kill(self) -> None:
        if found := self._world.sandboxes():
            with suppress(ProcessLookupError):
                os.kill(self._chance.choice(found), signal.SIGKILL)
            self.counts["kills"] += 1


def send(client: fc2.Client, method: str, path: str, document: object) -> None:
    path = f"/2016-08-15{path}"
    client._do_request(method, path, client._build_common_headers(method, path), body=json.dumps(document).encode())


def invocation(name: str) -> bytes:
    """A signed request that may be sent again and again, for as long as its date holds."""
    qualifier = ".prod" if name == RELEASED else ""
    path = f"/2016-08-15/services/{SERVICE}{qualifier}/functions/{name}/invocations"
    headers = {
        "date": formatdate(usegmt=True),
        "content-type": "application/json",
        "content-md5": "",
        "x-fc-account-id": ACCOUNT,
    }
    signature = fc.sign(SECRET, fc.string_to_sign("POST", headers, path))
    headers["authorization"] = f"FC {KEY}:{signature}"
    lines = [f"POST {path} HTTP/1.1", "host: 127.0.0.1", "content-length: 2"]
    lines += [f"{key}: {value}" for key, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n{}").encode()
