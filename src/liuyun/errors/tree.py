"""The branches of the error tree; what grows on them stands in this package's other files."""

from typing import overload

from liuyun.errors.phrases import Phrase, phrase


class PlatformError(Exception):
    """An expected failure. `message` is for people; `phrase` says the same to programs and in other languages, None if
    the words aren't the platform's own. `facts` are machine-readable details for the message, logs and renderers.
    """

    @overload
    def __init__(self, words: Phrase | str, /, **facts: object) -> None: ...
    @overload
    def __init__(self, code: str, template: str, /, **facts: object) -> None: ...
    def __init__(self, words: Phrase | str, template: str | None = None, /, **facts: object) -> None:
        said = words if template is None else phrase(str(words), template, **facts)
        super().__init__(str(said))
        self.message = str(said)
        self.phrase = said if isinstance(said, Phrase) else None
        self.facts = facts


class Invalid(PlatformError):
    pass


class Denied(PlatformError):
    pass


class NotFound(PlatformError):
    pass


class Conflict(PlatformError):
    pass


class Throttled(PlatformError):
    pass


class NodeFull(Throttled):
    """The machine has no room, whatever the function's own limits say."""


class Unavailable(PlatformError):
    pass


class SandboxLost(Unavailable):
    """It went away while it was being made, without a word: somebody killed it. Another one may stand."""


class Unsupported(PlatformError):
    pass


class TooLarge(Invalid):
    """`facts["limit"]`: the limit in bytes."""


class MalformedDocument(Invalid):
    """A body that is not the XML or JSON it claims to be."""


class OperationUnknown(Unsupported):
    """The product has no such operation."""
