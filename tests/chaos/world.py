"""The world of a chaos run: the platform as a process that can be killed, and the order service beside it."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
APP = ROOT / "examples/order"
ACCOUNT, KEY, SECRET = "1234567890123456", "LTAIchaos", "a-secret-for-the-chaos-run"
TOKEN = "a-token-for-the-chaos-run"
READY_S = 60

NEVER = threading.Event()


def eventually(condition: Callable[[], bool], what: str, *, within_s: float = READY_S, every_s: float = 0.05) -> None:
    """Waits until `condition` holds, looking again and again; AssertionError once the time is up."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {within_s} s"
        NEVER.wait(every_s)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def descendants(root: int) -> list[int]:
    """All processes below `root`, by /proc, those in other namespaces and sessions included."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found: list[int] = []
    waiting = [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


@dataclass
class World:
    folder: Path
    port: int
    orders_port: int
    settings: Mapping[str, str] = field(default_factory=dict[str, str])  # as environment variables
    platform: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def orders_url(self) -> str:
        return f"http://127.0.0.1:{self.orders_port}"

    @property
    def orders_database(self) -> Path:
        return self.folder / "orders.db"

    @property
    def env(self) -> dict[str, str]:
        return {
            **os.environ,
            "LIUYUN_DATA": str(self.folder / "data"),
            "LIUYUN_ENDPOINT": self.url,
            "LIUYUN_ACCOUNT_ID": ACCOUNT,
            "LIUYUN_ACCESS_KEY_ID": KEY,
            "LIUYUN_ACCESS_KEY_SECRET": SECRET,
            "LIUYUN_LOG_LEVEL": "warning",
            "LIUYUN_EGRESS__HOSTS": f'{{"orders.internal": "127.0.0.1:{self.orders_port}"}}',
            "LIUYUN_LIMITS__INSTANCES_PER_FUNCTION": "16",
            **self.settings,
        }

    @property
    def orders_env(self) -> dict[str, str]:
        return {
            **os.environ,
            "LIUYUN_ENDPOINT": self.url,
            "LIUYUN_ACCESS_KEY_ID": KEY,
            "LIUYUN_ACCESS_KEY_SECRET": SECRET,
            "ORDER_SERVICE_PORT": str(self.orders_port),
            "ORDER_SERVICE_DATABASE": str(self.orders_database),
            "ORDER_SERVICE_TOKEN": TOKEN,
        }

    def start_platform(self) -> None:
        with (self.folder / "platform.log").open("ab") as log:
            command = [sys.executable, "-m", "liuyun", "serve", "--host", "127.0.0.1", "--port", str(self.port)]
            self.platform = subprocess.Popen(command, env=self.env, stdout=log, stderr=log, start_new_session=True)
        eventually(lambda: self.running() and answers(self.url), "the platform's answer")

    def running(self) -> bool:
        assert self.platform
        assert self.platform.poll() is None, f"the platform ended by itself:\n{self.log_tail()}"
        return True

    def kill_platform(self) -> None:
        """SIGKILL to the platform and all that it started; stopped first, so that it can't start more meanwhile."""
        assert self.platform
        os.kill(self.platform.pid, signal.SIGSTOP)
        below = descendants(self.platform.pid)
        for pid in [self.platform.pid, *below]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.platform.wait()
        eventually(lambda: not any(alive(pid) for pid in below), "the end of all sandboxes")

    def deploy(self) -> None:
        parameters = [f"--parameter=OrderServiceToken={TOKEN}", "--parameter=PaymentTimeoutSeconds=600"]
        self.liuyun("config", "import", str(APP / "configuration.yml"))
        self.liuyun("deploy", str(APP / "template.yml"), "--yes", *parameters)

    def liuyun(self, *args: str) -> None:
        command = [sys.executable, "-m", "liuyun", *args]
        done = subprocess.run(command, env=self.env, check=False, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{self.log_tail()}"

    def log_tail(self) -> str:
        return (self.folder / "platform.log").read_text(errors="replace")[-4000:]


@contextmanager
def platform(folder: Path, **settings: str) -> Iterator[World]:
    """A platform with nothing deployed, which is gone afterwards."""
    made = World(folder, free_port(), free_port(), settings)
    try:
        made.start_platform()
        yield made
    finally:
        if made.platform and made.platform.poll() is None:
            made.kill_platform()


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """A platform with the order application deployed, and its order service. Both are gone afterwards."""
    with platform(folder) as made, (folder / "orders.log").open("ab") as log:
        command = [sys.executable, "-m", "order_service"]
        orders = subprocess.Popen(command, env=made.orders_env, cwd=APP, stdout=log, stderr=log)
        try:
            made.deploy()
            eventually(lambda: answers(made.orders_url), "the order service's answer")
            yield made
        finally:
            orders.kill()
            orders.wait()
