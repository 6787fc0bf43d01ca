# ruff: noqa: N815 - members are called as on the wire
"""Request bodies of the 2023-03-30 API, where a function says for itself what elsewhere its service says.

Source: fc contract 1.6. Clients send empty lists for tags that their caller left out, so empty means "not given".
"""

from typing import Any

from liuyun.catalog.changes import FunctionChanges, ServiceChanges, ZipFile
from liuyun.catalog.own_functions import OwnedChanges
from liuyun.errors import Invalid
from liuyun.gateway.fc.v2016.bodies import Body, CodeBody, stored

OF_SERVICES = ("logConfig", "vpcConfig", "nasConfig", "ossMountConfig", "tracingConfig")
OF_FUNCTIONS = (
    "cpu", "diskSize", "gpuConfig", "customContainerConfig", "customRuntimeConfig", "customDNS",
    "instanceLifecycleConfig", "idleTimeout", "disableOndemand", "sessionAffinity", "sessionAffinityConfig",
    "disableInjectCredentials", "instanceIsolationMode", "enableLongLiving", "resourceGroupId",
)  # fmt: skip
DEFAULT_MEMORY_MB, DEFAULT_HANDLER, DEFAULT_INITIALIZER_S = 512, "index.handler", 3
DEFAULTS = {"cpu": 0.35, "diskSize": 512}  # what the vendor's tools send (fc contract 2)


class TagEntry(Body):
    Key: str = ""
    Value: str = ""


class Hook(Body):
    handler: str | None = None
    command: list[str] | None = None
    timeout: int | None = None


class Lifecycle(Body):
    initializer: Hook | None = None
    preStop: Hook | None = None

    @property
    def document(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True)


class FunctionBody(Body):
    functionName: str | None = None
    runtime: str | None = None
    handler: str | None = None
    description: str | None = None
    memorySize: int | None = None
    timeout: int | None = None
    instanceConcurrency: int | None = None
    environmentVariables: dict[str, str] | None = None
    layers: list[str] | None = None
    code: CodeBody | None = None
    tags: list[TagEntry] | None = None
    role: str | None = None
    internetAccess: bool | None = None
    logConfig: dict[str, Any] | None = None
    vpcConfig: dict[str, Any] | None = None
    nasConfig: dict[str, Any] | None = None
    ossMountConfig: dict[str, Any] | None = None
    tracingConfig: dict[str, Any] | None = None
    cpu: float | None = None
    diskSize: int | None = None
    gpuConfig: dict[str, Any] | None = None
    customContainerConfig: dict[str, Any] | None = None
    customRuntimeConfig: dict[str, Any] | None = None
    customDNS: dict[str, Any] | None = None
    instanceLifecycleConfig: Lifecycle | None = None
    idleTimeout: int | None = None
    disableOndemand: bool | None = None
    sessionAffinity: str | None = None
    sessionAffinityConfig: str | None = None
    disableInjectCredentials: str | None = None
    instanceIsolationMode: str | None = None
    enableLongLiving: bool | None = None
    resourceGroupId: str | None = None

    def created(self, code: ZipFile | None) -> OwnedChanges:
        """What a new function becomes, with the defaults of this API."""
        given = {name: value for name, value in DEFAULTS.items() if getattr(self, name) is None}
        full = {"memorySize": self.memorySize or DEFAULT_MEMORY_MB, "handler": self.handler or DEFAULT_HANDLER}
        return self.model_copy(update={**given, **full}).changes(code)

    def changes(self, code: ZipFile | None) -> OwnedChanges:
        config = dict(stored(self, *OF_FUNCTIONS))
        if self.instanceLifecycleConfig is not None:
            config["instanceLifecycleConfig"] = self.instanceLifecycleConfig.document
        return OwnedChanges(
            service=ServiceChanges(
                role=self.role, internet_access=self.internetAccess, config=stored(self, *OF_SERVICES)
            ),
            function=FunctionChanges(
                runtime=self.runtime,
                handler=self.handler,
                description=self.description,
                memory_mb=self.memorySize,
                timeout_s=self.timeout,
                instance_concurrency=self.instanceConcurrency,
                environment=self.environmentVariables,
                layers=None if self.layers is None else tuple(self.layers),
                config=config,
                code=code,
                **self._initializer(),
            ),
            tags={tag.Key: tag.Value for tag in self.tags or ()},
        )

    def _initializer(self) -> dict[str, Any]:
        lifecycle = self.instanceLifecycleConfig
        if lifecycle is None:
            return {}
        hook = lifecycle.initializer or Hook()
        return {
            "initializer": hook.handler or "",
            "initialization_timeout_s": DEFAULT_INITIALIZER_S if hook.timeout is None else hook.timeout,
        }


class RestrictionBody(Body):
    reason: str | None = None
    abortOngoingRequest: bool | None = None


class ResourceGroupBody(Body):
    NewResourceGroupId: str = ""
    ResourceId: str = ""
    ResourceType: str = ""


class TagsBody(Body):
    ResourceType: str = "function"
    ResourceId: list[str] | None = None
    Tag: list[TagEntry] | None = None

    def values(self) -> dict[str, str]:
        """Raises Invalid."""
        if not self.Tag:
            raise Invalid('Tag must have at least one tag, as {"Key": "team", "Value": "shop"} is')
        return {tag.Key: tag.Value for tag in self.Tag}
