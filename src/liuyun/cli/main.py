"""The `liuyun` command."""

import sys
from collections.abc import Sequence

import typer

from liuyun.cli.api import api
from liuyun.cli.config import config
from liuyun.cli.demo import demo
from liuyun.cli.deploy.command import deploy
from liuyun.cli.doctor import doctor
from liuyun.cli.failure import WRONG_USAGE, Failure
from liuyun.cli.flow import flow
from liuyun.cli.invoke import invoke
from liuyun.cli.keys import keys
from liuyun.cli.logs import logs
from liuyun.cli.observe import invocations, trigger
from liuyun.cli.output import complain
from liuyun.cli.queue import queue, topic
from liuyun.cli.release import alias, version
from liuyun.cli.run import up
from liuyun.cli.serve import serve
from liuyun.errors import PlatformError

INTERRUPTED = 130

app = typer.Typer(
    name="liuyun",
    help="Liuyun: a serverless platform that you run yourself.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (serve, up, deploy, invoke, logs, invocations, api, doctor):
    app.command()(command)
GROUPS = {
    "trigger": trigger, "version": version, "alias": alias, "flow": flow, "queue": queue, "topic": topic,
    "config": config, "keys": keys, "demo": demo,
}  # fmt: skip
for name, group in GROUPS.items():
    app.add_typer(group, name=name)


def main() -> None:
    try:
        check_encoding(sys.argv[1:])
        app()
    except Failure as failure:
        complain(failure.message)
        sys.exit(failure.exit_code)
    except PlatformError as error:
        complain(error.message)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def check_encoding(arguments: Sequence[str]) -> None:
    """Bytes that are no UTF-8 arrive as lone surrogates, which nothing could be sent or printed with."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError:
            raise Failure(f"The argument {argument!r} is not UTF-8.", exit_code=WRONG_USAGE) from None
