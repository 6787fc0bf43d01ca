"""The branches of the error tree; what grows on them stands in this package's other files."""


class PlatformError(Exception):
    """An expected failure. `message` is for people; `facts` are machine-readable details for logs and renderers."""

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
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
