"""`liuyun up`, which `make run` calls: the platform with the order application on it, in one terminal.

The platform and the order service are child processes; this one deploys and watches over the public APIs like anybody
else. All end together: on Ctrl-C, on SIGTERM, and when one of them fails.
"""

import asyncio
import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Annotated

import httpx
import typer
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn

from liuyun.cli import children
from liuyun.cli.children import Child
from liuyun.cli.client import Client
from liuyun.cli.client.transport import Connection
from liuyun.cli.config import read_document
from liuyun.cli.connection import connect, keys_of
from liuyun.cli.demo import ORDERS_URL_FILE
from liuyun.cli.deploy.command import carry_out, given_parameters, prepare, refuse_impossible
from liuyun.cli.failure import Failure
from liuyun.cli.output import err, out, say
from liuyun.cli.shown_keys import show_keys
from liuyun.compute.interpreters import interpreter_for
from liuyun.compute.standard_layer import ensure_layer, existing_layer
from liuyun.identity.vault import make_private
from liuyun.places import DATABASE

START_S = 60
HOST = "127.0.0.1"
ORDER_SERVICE_NEEDS = ("aliyunsdkcore", "aliyunsdkfnf", "starlette")  # beside what the platform needs itself
ORDERS_NAME = "orders.internal"  # what functions call the order service
TOKEN_SECRET = ("order-service", "token")  # where functions that people create find what they show to it
REASON = "liuyun up"

CONFIG = """\
# Written by `liuyun up` at each start. Put settings of your own into LIUYUN_* variables.

log_level = "warning"

[egress.hosts]
# Functions reach the order service by this name, and nothing else on this machine.
"{name}" = "{host}:{port}"
"""


class Stopped(BaseException):
    """Somebody asked for the end: Ctrl-C or SIGTERM."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where everything of this run lies."""

    data: Path
    app: Path
    playground: Path
    port: int
    orders_port: int

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def orders_url(self) -> str:
        return f"http://{HOST}:{self.orders_port}"

    @property
    def orders_data(self) -> Path:
        return self.data / "orders"

    @property
    def orders_token(self) -> Path:
        return self.orders_data / "token"


def up(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Of the platform.")] = 7080,
    orders_port: Annotated[int, typer.Option(min=1, max=65535, help="Of the order service.")] = 7090,
    data: Annotated[Path, typer.Option(metavar="FOLDER", help="Where everything is kept.")] = Path(".liuyun"),
    app: Annotated[Path, typer.Option(metavar="FOLDER", help="The order application.")] = Path("examples/order"),
    playground: Annotated[Path, typer.Option(metavar="FOLDER", help="The engine that runs programs.")] = Path(
        "examples/playground"
    ),
    parameter: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="For its template.")] = None,
) -> None:
    """Start the platform, deploy the order application, start its order service. Ctrl-C stops it all."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    site = Site(data.resolve(), app.resolve(), playground.resolve(), port, orders_port)
    started: list[Child] = []
    try:
        bring_up(site, given_parameters(parameter or []), started)
        children.wait_any(started)
    except Stopped:
        say("Stopping.")
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        children.stop(started)


def stop(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise Stopped


def bring_up(site: Site, parameters: Mapping[str, str], started: list[Child]) -> None:
    """Raises Failure; whatever was started until then stands in `started`."""
    if not (site.app / "template.yml").is_file():
        raise Failure(f"There is no order application in {site.app}; name its folder with --app.")
    if not (site.playground / "s.yaml").is_file():
        raise Failure(f"There is no playground in {site.playground}; name its folder with --playground.")
    require(ORDER_SERVICE_NEEDS)
    fresh = not (site.data / DATABASE).is_file()
    token = shared_token(site)
    fetch_standard_layer()
    started.append(start_platform(site))
    client = platform_ready(site, started[-1])
    seed_configuration(client, site, token)
    deploy("order application", client, site.app / "template.yml", {"OrderServiceToken": token, **parameters})
    deploy("playground", client, site.playground / "s.yaml", {})
    started.append(start_orders(site, client.connection, token))
    orders_ready(site, started)
    (site.data / ORDERS_URL_FILE).write_text(f"{site.orders_url}\n")
    show_next_steps(site, fresh=fresh)


def require(libraries: Sequence[str]) -> None:
    """Before anything is started. `make run` has them installed, `make install` has not."""
    if missing := [name for name in libraries if find_spec(name) is None]:
        raise Failure(
            f"The order service needs {', '.join(missing)}, which {sys.executable} doesn't have. "
            "Start with 'make run', or install them: pip install 'liuyun[example]'."
        )


def shared_token(site: Site) -> str:
    """What functions show to the order service: the same at each start, or each start would change the functions."""
    file = site.orders_token
    try:
        site.orders_data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            make_private(file, secrets.token_urlsafe(24).encode())
        return file.read_text().strip()
    except OSError as error:
        raise Failure(f"The data folder {site.data} can't be used: {error.strerror}.") from None


def fetch_standard_layer() -> None:
    """Before the platform starts, so that the first functions find the vendor's SDKs. Takes a minute, once."""
    interpreter = interpreter_for("python3")
    if existing_layer(interpreter):
        return
    say(f"Fetching the vendor's SDKs for {interpreter}; this is done once.")
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=err, transient=True) as progress:
        task = progress.add_task("", total=None)
        asyncio.run(ensure_layer(interpreter, lambda text: progress.update(task, description=escape(text))))


def start_platform(site: Site) -> Child:
    config = site.data / "up.toml"
    config.write_text(CONFIG.format(name=ORDERS_NAME, host=HOST, port=site.orders_port))
    options = ["--host", HOST, "--port", str(site.port), "--data", str(site.data), "--config", str(config)]
    return children.start("The platform", [sys.executable, "-m", "liuyun", "serve", *options], quiet=True)


def platform_ready(site: Site, platform: Child) -> Client:
    wait_until_healthy(site.endpoint, [platform])
    return connect(site.data, site.endpoint)


def deploy(name: str, client: Client, file: Path, parameters: Mapping[str, str]) -> None:
    prepared = prepare(client, file, parameters)
    refuse_impossible(prepared.steps)
    say(f"Deploying the {name}." if prepared.changing else f"The {name} is deployed already.")
    carry_out(client, prepared)


def seed_configuration(client: Client, site: Site, token: str) -> None:
    """Once for each schema: what people edit afterwards stays."""
    file = site.app / "configuration.yml"
    if not file.is_file():
        return
    document = read_document(file)
    known = {schema["name"] for schema in client.console.call("GET", "/api/config/schemas")["schemas"]}
    schemas = [schema for schema in document["schemas"] if schema["name"] not in known]
    missing = {schema["name"] for schema in schemas}
    if not missing:
        return
    say("Importing the order application's configuration.")
    entries = [entry for entry in document["entries"] if entry["schema"] in missing]
    body = {"document": {"schemas": schemas, "entries": entries}, "reason": REASON}
    client.console.call("POST", "/api/config/import", body)
    if TOKEN_SECRET[0] in missing:
        path = "/api/config/entries/{}/{}".format(*TOKEN_SECRET)
        client.console.call("PUT", path, {"value": token, "revision": 0, "reason": REASON}, scope="account")


def start_orders(site: Site, connection: Connection, token: str) -> Child:
    env = {
        **os.environ,
        "LIUYUN_ENDPOINT": connection.endpoint,
        "LIUYUN_REGION": connection.region,
        "LIUYUN_ACCESS_KEY_ID": connection.access_key_id,
        "LIUYUN_ACCESS_KEY_SECRET": connection.access_key_secret,
        "ORDER_SERVICE_HOST": HOST,
        "ORDER_SERVICE_PORT": str(site.orders_port),
        "ORDER_SERVICE_DATABASE": str(site.orders_data / "orders.db"),
        "ORDER_SERVICE_TOKEN": token,
    }
    return children.start(
        "The order service", [sys.executable, "-m", "order_service"], env=env, cwd=site.app, quiet=False
    )


def orders_ready(site: Site, started: Sequence[Child]) -> None:
    wait_until_healthy(site.orders_url, started)


def wait_until_healthy(url: str, watched: Sequence[Child]) -> None:
    """Raises Failure when a child ends, or when there is no answer in time."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        for child in watched:
            child.check()
        with suppress(httpx.HTTPError):
            if httpx.get(f"{url}/healthz", timeout=2, trust_env=False).is_success:
                watched[-1].check()
                return
        time.sleep(0.1)
    raise Failure(f"{watched[-1].name} did not answer at {url} within {START_S} s.")


def show_next_steps(site: Site, *, fresh: bool) -> None:
    root = keys_of(site.data)
    if fresh:
        show_keys(root)
    liuyun = command()
    where = "" if site.data == Path(".liuyun").resolve() else f" --data {shown(site.data)}"
    lines = (
        "The order application is ready.",
        f"  platform       {site.endpoint}   account {root.account_id}, access key {root.access_key_id}",
        f"  console        {site.endpoint}/console   user admin; {liuyun} keys show{where} tells the password",
        f"  playground     {site.endpoint}/console/playground",
        f"  shop           {site.orders_url}/",
        f"  back office    {site.orders_url}/office   token in {shown(site.orders_token)}",
        f'  keys           eval "$({liuyun} keys show --format env{where})"',
        "Try next, in another shell:",
        f"  {liuyun} demo order --merchant market --pay zhifubao{where}",
        "Ctrl-C stops everything.",
    )
    for line in lines:
        out.print(line, markup=False)
    out.file.flush()


def command() -> str:
    """How somebody in this folder calls this program."""
    if shutil.which("liuyun"):
        return "liuyun"
    return shown(Path(sys.executable).parent / "liuyun")


def shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
