"""The reference can't lie: it names every command and every option, and nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

import typer

from liuyun.cli.main import command_line

REFERENCE = Path(__file__).parents[3] / "docs/reference/cli.md"


def commands(group: object, path: str) -> Iterator[tuple[str, set[str]]]:
    """Each command with its long options."""
    for name, command in sorted(group.commands.items()):  # pyright: ignore[reportAttributeAccessIssue]
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
            yield f"{path} {name}", options - {"--help"}


def documented() -> Iterator[tuple[str, set[str]]]:
    for section in REFERENCE.read_text().split("\n### ")[1:]:
        title, _, text = section.partition("\n")
        listed = "\n".join(line for line in text.partition("\n## ")[0].splitlines() if line.startswith("- "))
        yield title, set(re.findall(r"--[a-z0-9-]+", listed))


def test_reference_is_complete() -> None:
    """Every command and option stands in the reference, and the reference invents none."""
    assert dict(documented()) == dict(commands(typer.main.get_command(command_line()), "liuyun"))
