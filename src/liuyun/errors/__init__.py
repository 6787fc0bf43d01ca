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
    ├── Conflict           FlowExists, ExecutionExists, TaskCompleted, TaskExists, EtagMismatch …
    ├── Throttled          a limit was reached; asking again later helps
    │   └── NodeFull       the machine's, not the function's or the account's
    ├── Unavailable        something that the platform needs is not there
    │   └── SandboxLost
    └── Unsupported        understood, but not offered

Nothing here knows HTTP: each product's gateway owns one table from these classes to its status and code, and an
error without a row of its own is rendered by its base class. Failures of a customer's function are results, not errors.
"""

from collections.abc import Sequence

from .messaging import *
from .tree import *

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


class RequestExpired(Unauthenticated):
    """A signed link is past its time."""


class MissingDate(Unauthenticated):
    pass


class InvalidDate(Unauthenticated):
    pass


class SessionInvalid(Unauthenticated):
    """A session of the console that isn't there, or is over."""


class SignInFailed(Unauthenticated):
    """It isn't said whether the name or the password was wrong."""


class CrossSite(Denied):
    """A change without the token that only the console's own pages know."""


class TooManyAttempts(Throttled):
    """`facts["wait_s"]`: after how many seconds to try again."""


class UserNotFound(NotFound):
    def __init__(self, name: str) -> None:
        super().__init__(f"user '{name[:64]}' does not exist", user=name)


class UserExists(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(f"user '{name}' already exists", user=name)


class AccessKeyNotFound(NotFound):
    def __init__(self, access_key_id: str) -> None:
        super().__init__(f"access key '{access_key_id[:128]}' does not exist", access_key_id=access_key_id[:128])


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


# --- configuration


class InvalidConfig(Invalid):
    """All problems that a change of configuration would make, up to a bound; `facts["problems"]` are their texts."""

    def __init__(self, problems: Sequence[object]) -> None:
        texts = tuple(str(problem) for problem in problems)
        super().__init__("\n".join(texts), problems=texts)


class ConfigNotFound(NotFound):
    """A schema, an entry, a revision or a draft that is not there."""


class ConfigConflict(Conflict):
    """The configuration is in another state than the change supposes; reading it again helps."""


# --- catalog and triggers


def owner(service: str) -> str:
    """A service, or the function that has it for its own (model/function.py)."""
    return f"function '{service[1:]}'" if service.startswith("@") else f"service '{service}'"


class InvalidPackage(Invalid):
    """A code package that can't be used; the message names the entry."""


class ServiceNotFound(NotFound):
    def __init__(self, service: str) -> None:
        super().__init__(f"{owner(service)} does not exist", service=service)


class FunctionNotFound(NotFound):
    def __init__(self, service: str, function: str) -> None:
        where = "" if service.startswith("@") else f" in service '{service}'"
        super().__init__(f"function '{function}' does not exist{where}", service=service)


class VersionNotFound(NotFound):
    def __init__(self, service: str, version: str) -> None:
        super().__init__(f"version '{version}' of {owner(service)} does not exist", service=service)


class AliasNotFound(NotFound):
    def __init__(self, service: str, alias: str) -> None:
        super().__init__(f"alias '{alias}' of {owner(service)} does not exist", service=service)


class AliasExists(Conflict):
    def __init__(self, service: str, alias: str) -> None:
        super().__init__(f"alias '{alias}' already exists", service=service)


class AliasInUse(Conflict):
    """Something calls by this alias."""


class VersionInUse(Conflict):
    """Something calls this version."""


class NothingToPublish(Conflict):
    """The newest version is what would be published."""


class ProvisionConfigNotFound(NotFound):
    pass


class OnDemandConfigNotFound(NotFound):
    pass


class ConcurrencyConfigNotFound(NotFound):
    pass


class AsyncConfigNotFound(NotFound):
    pass


class FunctionDisabled(Denied):
    """The function's owner lets nobody call it for the time being."""


class DomainNotFound(NotFound):
    def __init__(self, domain: str) -> None:
        super().__init__(f"custom domain '{domain}' does not exist", domain=domain)


class DomainExists(Conflict):
    def __init__(self, domain: str) -> None:
        super().__init__(f"custom domain '{domain}' already exists", domain=domain)


class RouteNotFound(NotFound):
    def __init__(self, domain: str, path: str) -> None:
        super().__init__(f"no route of the custom domain '{domain}' fits the path '{path[:200]}'", domain=domain)


class LayerNotFound(NotFound):
    def __init__(self, layer: str) -> None:
        super().__init__(f"layer '{layer}' does not exist", layer=layer)


class LayerVersionNotFound(NotFound):
    def __init__(self, arn: str) -> None:
        super().__init__(f"layer version '{arn}' does not exist", arn=arn)


class TriggerNotFound(NotFound):
    def __init__(self, function: str, trigger: str) -> None:
        super().__init__(f"trigger '{trigger}' of function '{function}' does not exist", trigger=trigger)


class ServiceExists(Conflict):
    def __init__(self, service: str) -> None:
        super().__init__(f"{owner(service)} already exists", service=service)


class ServiceNotEmpty(Conflict):
    def __init__(self, service: str) -> None:
        super().__init__(
            f"service '{service}' still has functions, versions or aliases; delete them first", service=service
        )


class FunctionExists(Conflict):
    def __init__(self, service: str, function: str) -> None:
        where = "" if service.startswith("@") else f" in service '{service}'"
        super().__init__(f"function '{function}' already exists{where}", service=service)


class TriggerExists(Conflict):
    def __init__(self, function: str, trigger: str) -> None:
        super().__init__(f"trigger '{trigger}' of function '{function}' already exists", trigger=trigger)


class EtagMismatch(Conflict):
    """The caller's If-Match names another state of the resource than the stored one."""


class TaskNotFound(NotFound):
    """The function has no such asynchronous task, or no longer."""


class TaskExists(Conflict):
    """The id of an asynchronous task is used once."""


class TaskEnded(Conflict):
    """There is nothing to stop."""


class TriggerRefused(Denied):
    """An HTTP trigger doesn't let this request pass."""


class MethodRefused(TriggerRefused):
    """`facts["allowed"]`: the methods that the HTTP trigger takes."""


class SchemeRefused(Denied):
    """A custom domain doesn't take requests by TLS."""


class EgressDenied(Denied):
    """A function may not connect to where it tried to."""
