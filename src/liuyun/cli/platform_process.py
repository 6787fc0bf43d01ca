"""The process of `liuyun serve`: everything between the open port and the clean stop."""

import asyncio
import gc
import signal
import socket

import structlog

from liuyun.app import Platform, open_platform
from liuyun.cli.connection import ENDPOINT_FILE
from liuyun.cli.output import out, say
from liuyun.cli.shown_keys import show_keys
from liuyun.serving import Serving, bind
from liuyun.settings import Settings

log = structlog.get_logger()
COLLECT_AT = 20_000  # objects that can be part of a cycle, more than there were before
STOPPING = (signal.SIGTERM, signal.SIGINT)


async def run(settings: Settings, sock: socket.socket, secure: socket.socket | None = None) -> None:
    """`sock` is the port that is always open, `secure` the one for HTTPS."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOPPING:
        loop.add_signal_handler(number, stop.set)
    file = settings.data / ENDPOINT_FILE
    async with open_platform(settings) as platform:
        serving = Serving(platform.app, begin=platform.app.begin)
        await serving.listen(sock)
        if objects := object_socket(settings):
            await serving.listen(objects)
        if secure is not None:
            serving.listen_secure(secure, platform.certificates.context)
        file.write_text(f"{platform.endpoint}\n")
        announce(platform, settings)
        await platform.console.prepare()  # after all that works by itself, and before anybody looks
        collect_rarely()
        await stop.wait()
        say("Stopping: running requests may finish.")
        hasten_on_second_signal(loop)
        platform.end_waits()
        await serving.close(settings.drain_s)
    file.unlink(missing_ok=True)
    say("Stopped.")


def object_socket(settings: Settings) -> socket.socket | None:
    """Where another platform of this machine has the port, the one for everything does as well."""
    if settings.object_port == 0:
        return None
    try:
        return bind(settings.host, settings.object_port)
    except OSError as error:
        log.warning("no port for object storage alone", port=settings.object_port, reason=error.strerror)
        return None


def collect_rarely() -> None:
    """What is here now stays, and what a request makes goes by itself, so the collector need not look so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AT)


def hasten_on_second_signal(loop: asyncio.AbstractEventLoop) -> None:
    """Whoever asks twice doesn't want to wait: the process ends at once, which costs nothing that was accepted."""
    for number in STOPPING:
        loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_DFL)


def announce(platform: Platform, settings: Settings) -> None:
    if platform.root.fresh:
        show_keys(platform.root)
    out.print(f"Liuyun listens on {platform.endpoint} (data in {settings.data}).", markup=False)
    if settings.tls_port:
        out.print(f"HTTPS is on port {settings.tls_port} of {settings.tls_host or settings.host}.", markup=False)
    out.print("Next, in another shell:", markup=False)
    out.print('  eval "$(liuyun keys show --format env)"   # the keys for SDKs and this command', markup=False)
    out.print("  liuyun deploy template.yml                # functions, flows, queues", markup=False)
