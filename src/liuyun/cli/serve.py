"""`liuyun serve`: the whole platform as one process."""

import asyncio
import errno
import signal
import socket
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.panel import Panel

from liuyun.app import Platform, open_platform
from liuyun.cli.connection import ENDPOINT_FILE
from liuyun.cli.failure import Failure
from liuyun.cli.lock import owned
from liuyun.cli.output import out, say
from liuyun.identity.bootstrap import RootKeys
from liuyun.observability.logging import configure
from liuyun.serving import Serving, bind
from liuyun.settings import Settings, load

STOPPING = (signal.SIGTERM, signal.SIGINT)


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.  [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0 takes a free one.  [default: 7080]")] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Where everything is kept.  [default: ./.liuyun if it is there, else ~/.liuyun]"
        ),
    ] = None,
    config: Annotated[Path | None, typer.Option(metavar="FILE", help="A TOML file with settings.")] = None,
) -> None:
    """Run the platform until it is told to stop (SIGTERM, Ctrl-C); running requests may finish first."""
    settings = load(config, host=host, port=port, data=data)
    configure(settings.log_level, settings.log_format)
    with owned(settings.data):
        sock = listening(settings.host, settings.port)
        settings = settings.model_copy(update={"port": sock.getsockname()[1]})
        uvloop.run(run(settings, sock))


def listening(host: str, port: int) -> socket.socket:
    """Raises Failure."""
    try:
        return bind(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Failure(
                f"Port {port} of {host} is in use. Stop what listens there, or choose another with --port."
            ) from None
        raise Failure(f"The platform can't listen on {host} port {port}: {error.strerror}.") from None


async def run(settings: Settings, sock: socket.socket) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOPPING:
        loop.add_signal_handler(number, stop.set)
    file = settings.data / ENDPOINT_FILE
    async with open_platform(settings) as platform:
        serving = Serving(platform.app)
        await serving.listen(sock)
        file.write_text(f"{platform.endpoint}\n")
        announce(platform, settings)
        await stop.wait()
        say("Stopping: running requests may finish.")
        hasten_on_second_signal(loop)
        platform.end_waits()
        await serving.close(settings.drain_s)
    file.unlink(missing_ok=True)
    say("Stopped.")


def hasten_on_second_signal(loop: asyncio.AbstractEventLoop) -> None:
    """Whoever asks twice doesn't want to wait: the process ends at once, which costs nothing that was accepted."""
    for number in STOPPING:
        loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_DFL)


def announce(platform: Platform, settings: Settings) -> None:
    if platform.root.fresh:
        show_keys(platform.root)
    out.print(f"Liuyun listens on {platform.endpoint} (data in {settings.data}).", markup=False)
    out.print("Next, in another shell:", markup=False)
    out.print('  eval "$(liuyun keys show --format env)"   # the keys for SDKs and this command', markup=False)
    out.print("  liuyun deploy template.yml                # functions, flows, queues", markup=False)


def show_keys(root: RootKeys) -> None:
    """Once, on the first start; `liuyun keys show` shows them again."""
    lines = (
        f"account id         {root.account_id}",
        f"access key id      {root.access_key_id}",
        f"access key secret  {root.access_key_secret}",
        f"console password   {root.console_password}",
    )
    out.print(Panel.fit("\n".join(lines), title="A new platform; these are its keys", border_style="green"))
