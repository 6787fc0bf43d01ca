"""Everything that can go wrong and is not a bug, in the words of the domain.

    PlatformError
    ├── Invalid            the request can never succeed as it is
    │   ├── TooLarge
    │   ├── InvalidDefinition, InvalidTaskToken, InvalidPackage, MalformedDocument
    │   └── InvalidReceiptHandle, QueueNameInvalid, DigestMismatch …
    ├── Denied             who asks, or what they may do
    │   ├── Unauthenticated
    │   │   └── MissingCredentials, MalformedCredentials, UnknownAccessKey, SignatureMismatch,
    │   │       ClockSkewed, NonceReplayed, SecurityTokenInvalid
    │   └── EgressDenied, TriggerRefused
    ├── NotFound           FlowNotFound, ExecutionNotFound, QueueNotFound, FunctionNotFound …
    ├── Conflict           FlowExists, ExecutionExists, TaskCompleted, EtagMismatch …
    ├── Throttled          a limit of ours was reached; asking again later helps
    ├── Unavailable        something that the platform needs is not there
    └── Unsupported        understood, but not offered

Nothing here knows HTTP: each product's gateway owns one table from these classes to its status and code, and an
error without a row of its own is rendered by its base class. Failures of a customer's function are results, not errors.
"""

from collections.abc import Sequence


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


class Unavailable(PlatformError):
    pass


class Unsupported(PlatformError):
    pass


class TooLarge(Invalid):
    """`facts["limit"]`: the limit in bytes."""


class MalformedDocument(Invalid):
    """A body that is not the XML or JSON it claims to be."""


class OperationUnknown(Unsupported):
    """The product has no such operation."""


# --- identity


class Unauthenticated(Denied):
    pass


class MissingCredentials(Unauthenticated):
    pass


class MalformedCredentials(Unauthenticated):
    pass


class UnknownAccessKey(Unauthenticated):
    pass


class SignatureMismatch(Unauthenticated):
    """`facts["string_to_sign"]`: what the server signed, so that a client can compare."""


class ClockSkewed(Unauthenticated):
    pass


class NonceReplayed(Unauthenticated):
    pass


class SecurityTokenInvalid(Unauthenticated):
    pass


class MissingDate(Unauthenticated):
    pass


class InvalidDate(Unauthenticated):
    pass


# --- workflow


class InvalidDefinition(Invalid):
    """All problems of a flow definition at once; `problems` hold line, column, step and text."""

    def __init__(self, problems: Sequence[object]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems), problems=tuple(problems))


class InvalidTaskToken(Invalid):
    pass


class FlowNotFound(NotFound):
    def __init__(self, name: str) -> None:
        super().__init__(f"Flow  {name} does not exist.", flow=name)  # two spaces: the vendor's own text


class FlowExists(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(f"Flow {name} already exists.", flow=name)


class ExecutionNotFound(NotFound):
    def __init__(self, name: str, flow: str) -> None:
        super().__init__(f"Execution {name} for flow {flow} does not exist.", execution=name, flow=flow)


class ExecutionExists(Conflict):
    def __init__(self, name: str, flow: str) -> None:
        super().__init__(f"Execution {name} for flow {flow} already exists.", execution=name, flow=flow)


class ExecutionCompleted(Conflict):
    def __init__(self, name: str, flow: str) -> None:
        super().__init__(f"Execution '{name}' for flow '{flow}' has already completed.", execution=name, flow=flow)


class TaskCompleted(Conflict):
    def __init__(self, step: str) -> None:
        super().__init__(f"Task {step} has already completed.", step=step)


class ConcurrentUpdate(Conflict):
    """The stored version moved between reading and writing; the caller may read again and retry."""
