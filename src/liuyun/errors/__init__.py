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
from .phrases import *
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
        super().__init__("user_missing", "user '{user}' does not exist", user=name[:64])


class UserExists(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__("user_exists", "user '{user}' already exists", user=name)


class AccessKeyNotFound(NotFound):
    def __init__(self, access_key_id: str) -> None:
        super().__init__("access_key_missing", "access key '{key}' does not exist", key=access_key_id[:128])


# --- workflow


class InvalidDefinition(Invalid):
    """All problems of a flow definition at once: `facts["problems"]`, each of which has a `phrase`."""

    def __init__(self, problems: Sequence[object]) -> None:
        super().__init__("\n".join(map(str, problems)), problems=tuple(problems))


class InvalidTaskToken(Invalid):
    pass


class FlowNotFound(NotFound):
    def __init__(self, name: str) -> None:
        super().__init__("flow_missing", "Flow  {flow} does not exist.", flow=name)  # two spaces: the vendor's own


class FlowExists(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__("flow_exists", "Flow {flow} already exists.", flow=name)


class ExecutionNotFound(NotFound):
    def __init__(self, name: str, flow: str) -> None:
        template = "Execution {execution} for flow {flow} does not exist."
        super().__init__("execution_missing", template, execution=name, flow=flow)


class ExecutionExists(Conflict):
    def __init__(self, name: str, flow: str) -> None:
        super().__init__(
            "execution_exists", "Execution {execution} for flow {flow} already exists.", execution=name, flow=flow
        )


class ExecutionCompleted(Conflict):
    def __init__(self, name: str, flow: str) -> None:
        super().__init__(
            "execution_completed",
            "Execution '{execution}' for flow '{flow}' has already completed.",
            execution=name,
            flow=flow,
        )


class TaskCompleted(Conflict):
    def __init__(self, step: str) -> None:
        super().__init__("task_completed", "Task {step} has already completed.", step=step)


class ConcurrentUpdate(Conflict):
    """The stored version moved between reading and writing; the caller may read again and retry."""


# --- configuration


class InvalidConfig(Invalid):
    """All problems that a change of configuration would make, up to a bound: as those of a definition."""

    def __init__(self, problems: Sequence[object]) -> None:
        super().__init__("\n".join(map(str, problems)), problems=tuple(problems))


class ConfigNotFound(NotFound):
    """A schema, an entry, a revision or a draft that is not there."""


class ConfigConflict(Conflict):
    """The configuration is in another state than the change supposes; reading it again helps."""


# --- catalog and triggers


def owner(service: str) -> Phrase:
    """A service, or the function that has it for its own (model/function.py)."""
    if service.startswith("@"):
        return function_in(service, service[1:])
    return phrase("service_named", "service '{service}'", service=service)


def function_in(service: str, function: str) -> Phrase:
    if service.startswith("@"):
        return phrase("function_named", "function '{function}'", function=function)
    template = "function '{function}' in service '{service}'"
    return phrase("function_in_service", template, function=function, service=service)


class InvalidPackage(Invalid):
    """A code package that can't be used; the message names the entry."""


class ServiceNotFound(NotFound):
    def __init__(self, service: str) -> None:
        super().__init__("service_missing", "{owner} does not exist", owner=owner(service), service=service)


class FunctionNotFound(NotFound):
    def __init__(self, service: str, function: str) -> None:
        super().__init__(
            "function_missing", "{function} does not exist", function=function_in(service, function), service=service
        )


class VersionNotFound(NotFound):
    def __init__(self, service: str, version: str) -> None:
        super().__init__(
            "version_missing", "version '{version}' of {owner} does not exist", version=version, owner=owner(service)
        )


class AliasNotFound(NotFound):
    def __init__(self, service: str, alias: str) -> None:
        super().__init__(
            "alias_missing", "alias '{alias}' of {owner} does not exist", alias=alias, owner=owner(service)
        )


class AliasExists(Conflict):
    def __init__(self, service: str, alias: str) -> None:
        super().__init__("alias_exists", "alias '{alias}' already exists", alias=alias, service=service)


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
        super().__init__("domain_missing", "custom domain '{domain}' does not exist", domain=domain)


class DomainExists(Conflict):
    def __init__(self, domain: str) -> None:
        super().__init__("domain_exists", "custom domain '{domain}' already exists", domain=domain)


class RouteNotFound(NotFound):
    def __init__(self, domain: str, path: str) -> None:
        super().__init__(
            "route_missing",
            "no route of the custom domain '{domain}' fits the path '{path}'",
            domain=domain,
            path=path[:200],
        )


class LayerNotFound(NotFound):
    def __init__(self, layer: str) -> None:
        super().__init__("layer_missing", "layer '{layer}' does not exist", layer=layer)


class LayerVersionNotFound(NotFound):
    def __init__(self, arn: str) -> None:
        super().__init__("layer_version_missing", "layer version '{arn}' does not exist", arn=arn)


class TriggerNotFound(NotFound):
    def __init__(self, function: str, trigger: str) -> None:
        super().__init__(
            "trigger_missing",
            "trigger '{trigger}' of function '{function}' does not exist",
            trigger=trigger,
            function=function,
        )


class ServiceExists(Conflict):
    def __init__(self, service: str) -> None:
        super().__init__("service_exists", "{owner} already exists", owner=owner(service), service=service)


class ServiceNotEmpty(Conflict):
    def __init__(self, service: str) -> None:
        super().__init__(
            "service_not_empty",
            "service '{service}' still has functions, versions or aliases; delete them first",
            service=service,
        )


class FunctionExists(Conflict):
    def __init__(self, service: str, function: str) -> None:
        super().__init__(
            "function_exists", "{function} already exists", function=function_in(service, function), service=service
        )


class TriggerExists(Conflict):
    def __init__(self, function: str, trigger: str) -> None:
        super().__init__(
            "trigger_exists",
            "trigger '{trigger}' of function '{function}' already exists",
            trigger=trigger,
            function=function,
        )


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
