# ruff: noqa: N815 - members are called as on the wire
"""Request bodies of the 2023-03-30 API, where a function says for itself what elsewhere its service says.

Source: fc contract 1.6. Clients send empty lists for tags that their caller left out, so empty means "not given".
"""

from typing import Any

from liuyun.catalog.changes import FunctionChanges, ServiceChanges, ZipFile
from liuyun.catalog.own_functions import OwnedChanges
from liuyun.errors import Invalid
from liuyun.gateway.fc.v2016.bodies import STORED_OF_OWNERS, Body, FunctionMembers, OwnerMembers, stored

OF_FUNCTIONS = (
    "cpu", "diskSize", "gpuConfig", "customContainerConfig", "customRuntimeConfig", "customDNS",
    "instanceLifecycleConfig", "idleTimeout", "disableOndemand", "sessionAffinity", "sessionAffinityConfig",
    "disableInjectCredentials", "instanceIsolationMode", "enableLongLiving", "resourceGroupId",
)  # fmt: skip
DEFAULTS = {"memorySize": 512, "handler": "index.handler"}  # what the vendor's tools send
DEFAULT_INITIALIZER_S = 3


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


class FunctionBody(FunctionMembers, OwnerMembers):
    tags: list[TagEntry] | None = None
    gpuConfig: dict[str, Any] | None = None
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
        return self.model_copy(update=given).changes(code)

    def changes(self, code: ZipFile | None) -> OwnedChanges:
        config = dict(stored(self, *OF_FUNCTIONS))
        if self.instanceLifecycleConfig is not None:
            config["instanceLifecycleConfig"] = self.instanceLifecycleConfig.document
        return OwnedChanges(
            service=ServiceChanges(
                role=self.role, internet_access=self.internetAccess, config=stored(self, *STORED_OF_OWNERS)
            ),
            function=FunctionChanges(
                **self.common(),
                **self._initializer(),
                config=config,
                code=code,
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
