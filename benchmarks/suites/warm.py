"""A warm function behind the gateway, against gunicorn serving the same handler with no platform around it."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.harness import Duel, Sample, Suite
from benchmarks.load import burst, generator
from benchmarks.platform import ECHO, FC, KEYS, SERVICE, invocation, platform
from benchmarks.processes import free_port, process, wait_ready
from benchmarks.signed import fc_headers, raw

BODY = b'{"order": "17", "amount": 100}'
JSON = {"content-type": "application/json"}


@contextmanager
def gunicorn() -> Iterator[str]:
    """The URL of the WSGI handler served by two sync workers."""
    port = free_port()
    with TemporaryDirectory(prefix="liuyun-gunicorn-") as folder:
        (Path(folder) / "index.py").write_text(ECHO)
        command = [sys.executable, "-m", "gunicorn", "--workers=2", f"--bind=127.0.0.1:{port}", "index:http"]
        with process([*command, "--log-level=error"], cwd=Path(folder), log=Path(folder) / "log") as running:
            url = f"http://127.0.0.1:{port}/"
            wait_ready(url, running)
            yield url


@contextmanager
def duels() -> Iterator[Sequence[Duel]]:
    with platform() as ours, gunicorn() as gunicorn_url:
        ours.function("http", "http")
        ours.anonymous("http")
        ours.function("event", "event")
        invoke = invocation("event")

        def bare() -> Sample:
            return burst(gunicorn_url, JSON, BODY)

        trigger = f"{FC}/proxy/{SERVICE}/http/"
        trigger_url = ours.url + trigger
        # On a new machine it waits for the packages that every function has, which no burst would.
        ours.exchange(raw("POST", trigger, JSON, BODY)).expect(200)

        def by_trigger() -> Sample:
            return burst(trigger_url, JSON, BODY)

        def by_trigger_numbered() -> Sample:
            return burst(trigger_url, JSON, BODY, numbered=True)

        def alone(url: str) -> Sample:
            """What one client waits, with nobody else there."""
            facts = burst(url, JSON, BODY, clients=1).facts
            return Sample(facts["p50_ms"], {"p99_ms": facts["p99_ms"]})

        def by_invoke() -> Sample:
            return burst(ours.url + invoke, fc_headers(KEYS, "POST", invoke, BODY), BODY)

        numbered = {"gunicorn, 2 sync workers, that load": lambda: burst(gunicorn_url, JSON, BODY, numbered=True)}
        baselines = {"gunicorn, 2 sync workers": bare}
        clients = f"32 keep-alive clients, load by {generator()}"
        yield [
            Duel("warm-http", f"echo behind an anonymous HTTP trigger, {clients}", "/s", by_trigger, baselines),
            Duel(
                "warm-numbered",
                f"the same where each request has a number in a header, {clients}",
                "/s",
                by_trigger_numbered,
                numbered,
            ),
            Duel("warm-invoke", f"echo by signed FC invoke, {clients}", "/s", by_invoke, baselines),
            Duel(
                "overhead",
                f"echo behind an anonymous HTTP trigger, one client, load by {generator()}",
                "ms",
                lambda: alone(trigger_url),
                {"gunicorn, 2 sync workers": lambda: alone(gunicorn_url)},
                lower_is_better=True,
            ),
        ]


SUITE = Suite("warm", ("warm-http", "warm-numbered", "warm-invoke", "overhead"), duels)
