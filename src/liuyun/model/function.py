"""Services and functions: what a developer deploys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OWN = "@"  # no name that a user may give begins so


def own_service(function: str) -> str:
    """The service behind a function of FC 3.0, where functions have none: one of its own, that nobody sees."""
    return OWN + function


def is_own(service: str) -> bool:
    return service.startswith(OWN)


@dataclass(frozen=True, slots=True)
class Service:
    """`config` holds the parts that the platform stores and gives back but doesn't act on (vpcConfig, nasConfig …)."""

    account_id: str
    name: str
    service_id: str
    description: str = ""
    role: str = ""
    internet_access: bool = True
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    created_at: int = 0
    updated_at: int = 0
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """`code_checksum` is the CRC-64 of the zip file in decimal, as the vendor shows it; `package` names its unpacked
    form on disk, `layers_package` that of its layers merged into one. `config` holds the parts that are stored and
    given back but not acted on.
    """

    account_id: str
    service: str
    name: str
    function_id: str
    runtime: str
    handler: str
    description: str = ""
    memory_mb: int = 256
    timeout_s: int = 60
    initializer: str = ""
    initialization_timeout_s: int = 30
    instance_concurrency: int = 1
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    layers: tuple[str, ...] = ()
    code_checksum: str = ""
    code_size: int = 0
    package: str = ""
    layers_package: str = ""
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    created_at: int = 0
    updated_at: int = 0
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Trigger:
    """`config` is the vendor's triggerConfig, validated and with defaults filled in."""

    account_id: str
    service: str
    function: str
    name: str
    trigger_id: str
    kind: str  # the vendor's triggerType: http, mns_topic, timer …
    config: Mapping[str, Any]
    qualifier: str = "LATEST"
    source_arn: str = ""
    invocation_role: str = ""
    description: str = ""
    created_at: int = 0
    updated_at: int = 0
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Deployed:
    """A function ready to run: what one invocation needs to know.

    `revision` changes whenever code or configuration does.
    `code_dir` is the unpacked package on this machine; the sandbox shows it as `/code`.
    """

    service: Service
    function: Function
    version_id: str  # "LATEST" or the published version that the qualifier led to
    code_dir: str
    revision: str
    is_http: bool  # has an HTTP trigger, so the built-in runtimes call its handler as a web application
    qualifier: str = "LATEST"  # as the caller gave it: LATEST, a version or an alias
    layers_dir: str = ""  # its layers, merged into one folder on this machine; the sandbox shows it as `/opt`
