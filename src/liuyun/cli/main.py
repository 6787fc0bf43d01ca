"""The `liuyun` command: a module for each word that may follow it, loaded when that word does."""

import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from liuyun.cli.failure import WRONG_USAGE, Failure
from liuyun.cli.output import complain
from liuyun.errors import PlatformError

INTERRUPTED = 130
MODULES = {
    "serve": "serve", "up": "run", "deploy": "deploy.command", "invoke": "invoke", "logs": "logs",
    "invocations": "observe", "api": "api", "doctor": "doctor", "trigger": "observe", "version": "release",
    "alias": "release", "flow": "flow", "queue": "queue", "topic": "deliveries", "config": "config", "keys": "keys",
    "demo": "demo",
}  # fmt: skip


def command_line(words: Sequence[str] = ()) -> typer.Typer:
    """With the command that `words` begin with; with all of them where they begin with none, to tell of them."""
    app = typer.Typer(
        name="liuyun",
        help="Liuyun: a serverless platform that you run yourself.",
        callback=lambda: None,  # or a single command would be taken for the whole
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    for name in words[:1] if words and words[0] in MODULES else MODULES:
        command = getattr(import_module(f"liuyun.cli.{MODULES[name]}"), name)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command()(command)
    return app


def main() -> None:
    try:
        words = sys.argv[1:]
        check_encoding(words)
        command_line(words)()
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
