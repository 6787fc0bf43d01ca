"""`liuyun serve`: the whole platform as one process."""

import errno
import resource
import socket
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from liuyun.cli.failure import Failure
from liuyun.cli.lock import owned
from liuyun.observability.logging import configure
from liuyun.serving import bind
from liuyun.settings import load


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
    take_descriptors()
    with owned(settings.data):
        sock = listening(settings.host, settings.port)
        secure = None
        if settings.tls_port:
            secure = listening(settings.tls_host or settings.host, settings.tls_port, chosen_by="tls_port")
        settings = settings.model_copy(update={"port": sock.getsockname()[1]})
        from liuyun.cli.platform_process import run  # noqa: PLC0415 - the whole platform; other commands start quicker

        uvloop.run(run(settings, sock, secure))


def take_descriptors() -> None:
    """As many as this process may have: a caller takes one, an instance a handful, and 1024 are soon gone."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def listening(host: str, port: int, chosen_by: str = "--port") -> socket.socket:
    """Raises Failure."""
    try:
        return bind(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Failure(
                f"Port {port} of {host} is in use. Stop what listens there, or choose another with {chosen_by}."
            ) from None
        raise Failure(f"The platform can't listen on {host} port {port}: {error.strerror}.") from None
