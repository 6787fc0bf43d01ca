"""A plan in words. Values of environment variables and of NoEcho parameters are never shown."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
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


def show_plan(steps: Sequence[Step], secrets: AbstractSet[str]) -> None:
    for step in steps:
        sign, style = SIGNS[step.action]
        changes = f": {', '.join(change_text(change, secrets) for change in step.changes)}" if step.changes else ""
        out.print(Text(f"  {sign} {step.resource}{changes}", style=style))


def change_text(change: Change, secrets: AbstractSet[str]) -> str:
    if change.field == "codeChecksum":
        return "code"
    if change.field == "environmentVariables":
        return f"environmentVariables ({', '.join(changed_names(change.before or {}, change.after or {}))})"
    before, after = str(change.before), str(change.after)
    hidden = any(secret in before + after for secret in secrets)
    if hidden or len(before) + len(after) > SHORT or isinstance(change.after, dict | list):
        return change.field
    return f"{change.field} {before or '(empty)'} -> {after or '(empty)'}"


def changed_names(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def summary(steps: Sequence[Step]) -> str:
    counts = {action: sum(step.action is action for step in steps) for action in Action}
    return (
        f"Created {counts[Action.CREATE]}, updated {counts[Action.UPDATE]}, left {counts[Action.UNCHANGED]} unchanged."
    )


def show_outputs(outputs: Mapping[str, Any], secrets: AbstractSet[str]) -> None:
    for name, value in outputs.items():
        hidden = any(secret in str(value) for secret in secrets)
        out.print(f"{name} = {'(hidden)' if hidden else value}", markup=False)
