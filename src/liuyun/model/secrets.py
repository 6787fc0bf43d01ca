"""Secrets that a function is given by name: an environment variable whose whole value is `{{secret:SCHEMA/KEY}}`.

Stored and shown is the name; the text takes its place when an instance starts, and is nowhere else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

BEGIN = "{{secret:"
NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}"  # as configuration names things
REFERENCE = re.compile(rf"\{{\{{secret:({NAME})/({NAME})\}}\}}")


@dataclass(frozen=True, slots=True)
class SecretName:
    schema: str
    key: str

    def __str__(self) -> str:
        return f"{self.schema}/{self.key}"


def secret_of(value: str) -> SecretName | None:
    """None for a value that stands for itself."""
    found = REFERENCE.fullmatch(value) if value.startswith(BEGIN) else None
    return None if found is None else SecretName(found[1], found[2])


def secrets_in(environment: Mapping[str, str]) -> Mapping[str, SecretName]:
    """By the variable that asks for it."""
    found = {name: secret_of(value) for name, value in environment.items()}
    return {name: secret for name, secret in found.items() if secret is not None}
