"""Secrets on their way in: checked while their text is known, sealed before anything else is made of it."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from liuyun.errors import phrase
from liuyun.metadata.core.changes import refuse
from liuyun.metadata.core.checks import possible
from liuyun.metadata.core.documents import is_unicode
from liuyun.metadata.core.schema_changes import is_secret
from liuyun.metadata.core.schemas import value_problems
from liuyun.metadata.core.state import State
from liuyun.model.config import Entry, Problem, Write


class Secrets:
    """`seal` and `unseal` keep their texts from the disk."""

    def __init__(self, seal: Callable[[str], str], unseal: Callable[[str], str]) -> None:
        self._seal = seal
        self.unseal = unseal

    def sealed(self, state: State, write: Write) -> Write:
        """The change with its value as it is kept. Raises InvalidConfig for a text that can't be sealed."""
        if not (is_secret(state.schemas.get(write.schema)) and isinstance(write.value, str)):
            return write
        if not is_unicode(write.value):
            what = phrase("secret_unicode", "the secret is no Unicode text")
            refuse([Problem(write.schema, write.key, write.scope, "/", what)])
        return replace(write, value=self._seal(write.value))

    def check(self, state: State, entries: Iterable[Entry]) -> None:
        """What can't be checked while it is sealed: that the text fits its schema. Raises InvalidConfig, which tells
        the rule and not the text.
        """
        for entry in entries:
            schema = state.schemas.get(entry.schema)
            if schema is not None and is_secret(schema):
                for revision in possible(entry):
                    if not (revision.hidden or revision.removed):
                        found = value_problems(schema.document, self.unseal(revision.value), secret=True)
                        refuse(Problem(entry.schema, entry.key, entry.scope, at, what) for at, what in found)
