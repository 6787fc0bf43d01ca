"""A plan in words. Values of environment variables are never shown: they hold secrets."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from liuyun.cli.deploy.plan import Action, Change, Step
from liuyun.cli.output import out

SIGNS = {
    Action.CREATE: ("+", "green"),
    Action.UPDATE: ("~", "yellow"),
    Action.REFUSED: ("!", "red"),
    Action.UNCHANGED: ("=", "dim"),
}
SHORT = 60  # longer values are not worth showing


def show_plan(steps: Sequence[Step]) -> None:
    for step in steps:
        sign, style = SIGNS[step.action]
        changes = f": {', '.join(map(change_text, step.changes))}" if step.changes else ""
        out.print(Text(f"  {sign} {step.resource}{changes}", style=style))


def change_text(change: Change) -> str:
    if change.field == "codeChecksum":
        return "code"
    if change.field == "environmentVariables":
        return f"environmentVariables ({', '.join(changed_names(change.before or {}, change.after or {}))})"
    before, after = str(change.before), str(change.after)
    if len(before) + len(after) > SHORT or isinstance(change.after, dict | list):
        return change.field
    return f"{change.field} {before or '(empty)'} -> {after or '(empty)'}"


def changed_names(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def summary(steps: Sequence[Step]) -> str:
    counts = {action: sum(step.action is action for step in steps) for action in Action}
    return (
        f"Created {counts[Action.CREATE]}, updated {counts[Action.UPDATE]}, left {counts[Action.UNCHANGED]} unchanged."
    )


def show_outputs(outputs: Mapping[str, Any]) -> None:
    for name, value in outputs.items():
        out.print(f"{name} = {value}", markup=False)
