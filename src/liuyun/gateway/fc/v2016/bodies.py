# ruff: noqa: N815 - members are called as on the wire
"""Request bodies of the APIs that have services, 2016-08-15 and 2021-04-06. Source: fc contract 1.4 and 1.5.

Whatever the content type says, they are JSON. Python's client sends null for what its caller left out, so null means
"not given"; members that the platform doesn't know are passed over.
"""

import asyncio
import binascii
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

import msgspec
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from liuyun.catalog.aliases import AliasChanges
from liuyun.catalog.changes import FunctionChanges, ServiceChanges, ZipFile
from liuyun.errors import Invalid, MalformedDocument
from liuyun.triggers.lifecycle import TriggerChanges, TriggerDraft

B = TypeVar("B", bound="Body")
LONG_BYTES = 64 * 1024  # parsed beside the loop
MOST_PROBLEMS = 5


class Body(BaseModel):
    model_config = ConfigDict(extra="ignore")


class OwnerMembers(Body):
    """What a service says, or a function that has none."""

    role: str | None = None
    internetAccess: bool | None = None
    logConfig: dict[str, Any] | None = None
    vpcConfig: dict[str, Any] | None = None
    nasConfig: dict[str, Any] | None = None
    ossMountConfig: dict[str, Any] | None = None
    tracingConfig: dict[str, Any] | None = None


STORED_OF_OWNERS = ("logConfig", "vpcConfig", "nasConfig", "ossMountConfig", "tracingConfig")


class ServiceBody(OwnerMembers):
    serviceName: str | None = None
    description: str | None = None

    def changes(self) -> ServiceChanges:
        return ServiceChanges(
            description=self.description,
            role=self.role,
            internet_access=self.internetAccess,
            config=stored(self, *STORED_OF_OWNERS),
        )


def from_base64(text: Any) -> bytes:
    """Raises ValueError, which pydantic tells with the member's name."""
    if not isinstance(text, str):
        raise ValueError("must be a text")  # noqa: TRY004 - pydantic catches ValueError alone
    try:
        return binascii.a2b_base64(text)
    except ValueError:
        raise ValueError("must be the base64 text of a zip file") from None


class CodeBody(Body):
    zipFile: Annotated[bytes, BeforeValidator(from_base64)] | None = None
    ossBucketName: str | None = None
    ossObjectName: str | None = None
    checksum: str | None = None


class FunctionMembers(Body):
    """What all protocols say of a function."""

    functionName: str | None = None
    runtime: str | None = None
    handler: str | None = None
    description: str | None = None
    memorySize: int | None = None
    timeout: int | None = None
    # Written with a capital by the 2021 API's UpdateFunction (fc contract 1.5).
    instanceConcurrency: int | None = Field(
        None, validation_alias=AliasChoices("instanceConcurrency", "InstanceConcurrency")
    )
    environmentVariables: dict[str, str] | None = None
    layers: list[str] | None = None
    code: CodeBody | None = None
    cpu: float | None = None
    diskSize: int | None = None
    customContainerConfig: dict[str, Any] | None = None
    customRuntimeConfig: dict[str, Any] | None = None
    customDNS: dict[str, Any] | None = None

    def common(self) -> dict[str, Any]:
        """These members, in the words of FunctionChanges."""
        return {
            "runtime": self.runtime,
            "handler": self.handler,
            "description": self.description,
            "memory_mb": self.memorySize,
            "timeout_s": self.timeout,
            "instance_concurrency": self.instanceConcurrency,
            "environment": self.environmentVariables,
            "layers": None if self.layers is None else tuple(self.layers),
        }


class FunctionBody(FunctionMembers):
    initializer: str | None = None
    initializationTimeout: int | None = None
    instanceType: str | None = None
    instanceSoftConcurrency: int | None = None
    caPort: int | None = None
    gpuMemorySize: int | None = None
    customHealthCheckConfig: dict[str, Any] | None = None
    instanceLifecycleConfig: dict[str, Any] | None = None

    def changes(self, code: ZipFile | None) -> FunctionChanges:
        return FunctionChanges(
            **self.common(),
            initializer=self.initializer,
            initialization_timeout_s=self.initializationTimeout,
            config=stored(self, *STORED_OF_FUNCTIONS),
            code=code,
        )


STORED_OF_FUNCTIONS = (
    "instanceType", "instanceSoftConcurrency", "caPort", "cpu", "diskSize", "gpuMemorySize", "customContainerConfig",
    "customRuntimeConfig", "customHealthCheckConfig", "customDNS", "instanceLifecycleConfig",
)  # fmt: skip


def from_text(value: Any) -> Any:
    """The object in a text of JSON, as the newer APIs send it. Raises ValueError, which pydantic tells."""
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value or "{}")
    except msgspec.DecodeError as error:
        raise ValueError(f"must be the text of a JSON object: {error}") from None


class TriggerBody(Body):
    triggerName: str | None = None
    triggerType: str | None = None
    triggerConfig: Annotated[dict[str, Any] | None, BeforeValidator(from_text)] = None
    sourceArn: str | None = None
    invocationRole: str | None = None
    qualifier: str | None = None
    description: str | None = None

    def draft(self) -> TriggerDraft:
        return TriggerDraft(
            name=self.triggerName or "",
            kind=self.triggerType or "",
            config=self.triggerConfig or {},
            qualifier=self.qualifier or "LATEST",
            source_arn=self.sourceArn or "",
            invocation_role=self.invocationRole or "",
            description=self.description or "",
        )

    def changes(self) -> TriggerChanges:
        return TriggerChanges(
            config=self.triggerConfig or {},
            qualifier=self.qualifier or None,
            invocation_role=self.invocationRole,
            description=self.description,
        )


class LayerBody(Body):
    code: CodeBody | None = Field(None, validation_alias=AliasChoices("code", "Code"))  # Code: fc contract 1.5
    compatibleRuntime: list[str] | None = None
    description: str | None = None
    license: str | None = None


class VersionBody(Body):
    description: str | None = None


class AliasBody(Body):
    aliasName: str | None = None
    versionId: str | None = None
    description: str | None = None
    additionalVersionWeight: dict[str, float] | None = None
    resolvePolicy: str | None = None
    routePolicy: dict[str, Any] | None = None

    def changes(self) -> AliasChanges:
        return AliasChanges(
            version_id=self.versionId,
            description=self.description,
            weights=self.additionalVersionWeight,
            resolve_policy=self.resolvePolicy or None,
            route_policy=self.routePolicy,
        )


class BindingBody(Body):
    vpcId: str | None = None


class TagBody(Body):
    resourceArn: str = ""
    tags: dict[str, str | None] | None = None
    tagKeys: list[str] | None = None
    all: bool | None = None


def stored(body: Body, *names: str) -> Mapping[str, Any]:
    """Members that are kept and given back as they are."""
    return {name: value for name in names if (value := getattr(body, name)) is not None}


async def read(model: type[B], content: bytes) -> B:
    """Raises MalformedDocument or Invalid, naming each member that is wrong."""
    return await asyncio.to_thread(parse, model, content) if len(content) > LONG_BYTES else parse(model, content)


def parse(model: type[B], content: bytes) -> B:
    try:
        return model.model_validate_json(content or b"{}")
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False, include_context=False)
    if problems[0]["type"] == "json_invalid":
        raise MalformedDocument(f"the body is not JSON: {problems[0]['msg'].removeprefix('Invalid JSON: ')}")
    raise Invalid("; ".join(map(told, problems[:MOST_PROBLEMS])))


def told(problem: ErrorDetails) -> str:
    """`code.zipFile: must be …`, without pydantic's inner names of union members."""
    place = ".".join(str(part) for part in problem["loc"] if not str(part).startswith("function-"))
    return f"{place or 'the body'}: {problem['msg'].removeprefix('Value error, ')}"
