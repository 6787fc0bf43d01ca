"""How stored values follow a schema that changes: a list of small operations, applied to every value of every scope.

    {"op": "set", "property": "currency", "value": "CNY"}      where the property is absent
    {"op": "rename", "from": "rate", "to": "discount"}
    {"op": "remove", "property": "note"}
    {"op": "map", "property": "level", "values": {"1": "low"}}  other values stay as they are

They work on the properties of objects; any other value passes through unchanged.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from liuyun.errors import Invalid, Phrase, phrase
from liuyun.metadata.core.documents import unstorable
from liuyun.model.config import Json

Operation = Mapping[str, Any]
NEEDS = {"set": ("property", "value"), "rename": ("from", "to"), "remove": ("property",), "map": ("property", "values")}
NAMES = frozenset({"property", "from", "to"})
MOST_OPERATIONS = 100


def check_migration(operations: Sequence[Operation]) -> None:
    """Raises Invalid naming the operation that can't be understood."""
    if len(operations) > MOST_OPERATIONS:
        raise Invalid("migration_most", "a migration must have at most {most} operations", most=MOST_OPERATIONS)
    for at, what in unstorable(list(operations)):
        raise Invalid("migration_operation", "migration/{at}: {what}", at=at.removeprefix("/"), what=what)
    for number, operation in enumerate(operations):
        if problem := operation_problem(operation):
            raise Invalid("migration_operation", "migration/{at}: {what}", at=number, what=problem)


def operation_problem(operation: Operation) -> Phrase | None:
    """Why it can't be understood; None if it can."""
    needed = NEEDS.get(str(operation.get("op")))
    if needed is None:
        return phrase("operation_unknown", "op must be one of {known}", known=", ".join(NEEDS))
    for word in needed:
        if word not in operation:
            return phrase("operation_lacks", "'{op}' needs '{word}'", op=operation["op"], word=word)
        if word in NAMES and not isinstance(operation[word], str):
            return phrase("operation_text", "'{word}' must be a text", word=word)
    if operation["op"] == "map" and not isinstance(operation["values"], Mapping):
        return phrase("operation_values", "'values' must be an object")
    return None


def migrated(value: Json, operations: Sequence[Operation]) -> Json:
    if not isinstance(value, Mapping):
        return value
    result = dict(cast(Mapping[str, Json], value))
    for operation in operations:
        apply(result, operation)
    return result


def apply(value: dict[str, Json], operation: Operation) -> None:
    match operation["op"]:
        case "set":
            value.setdefault(operation["property"], operation["value"])
        case "rename":
            if operation["from"] in value:
                value[operation["to"]] = value.pop(operation["from"])
        case "remove":
            value.pop(operation["property"], None)
        case "map":
            name = operation["property"]
            if name in value:
                value[name] = operation["values"].get(str(value[name]), value[name])
        case unknown:
            raise AssertionError(f"checked before: {unknown}")
