"""The first frame of every built-in runtime: what to load, and what the context of its calls says."""

from collections.abc import Mapping
from typing import Any

import msgspec

from liuyun.compute.core.lifecycle import hooks_of
from liuyun.compute.runtimes.environment import Credentials, injects
from liuyun.compute.runtimes.workshop import Furnished
from liuyun.model.function import Deployed, is_own
from liuyun.settings import Settings

NO_CREDENTIALS = {"access_key_id": "", "access_key_secret": "", "security_token": ""}


def start_header(furnished: Furnished, settings: Settings, request_id: str, own: Mapping[str, Any]) -> bytes:
    """`own` are the language's own members; they win."""
    deployed = furnished.instance.deployed
    function = deployed.function
    return msgspec.json.encode(
        {
            "environment": furnished.environment,
            "code_dir": furnished.code_dir,
            "request_id": request_id,
            "runtime": function.runtime,
            "handler": function.handler,
            "initializer": function.initializer,
            "hooks": {phase.value: hook.handler for phase, hook in hooks_of(function).items()},
            "concurrency": function.instance_concurrency,
            "response_bytes": settings.limits.invocation_bytes,
            "context": context_facts(deployed, settings.region, furnished.credentials),
            **own,
        }
    )


def context_facts(deployed: Deployed, region: str, credentials: Credentials | None) -> dict[str, Any]:
    function = deployed.function
    log_config: Any = deployed.service.config.get("logConfig") or {}
    secrets = NO_CREDENTIALS
    if credentials is not None and injects(deployed, "Request"):
        secrets = {name: getattr(credentials, name) for name in NO_CREDENTIALS}
    return {
        "credentials": secrets,
        "function": {
            "name": function.name,
            "handler": function.handler,
            "memory": function.memory_mb,
            "timeout": function.timeout_s,
            "initializer": function.initializer,
            "initialization_timeout": function.initialization_timeout_s,
        },
        "service": {
            "name": "" if is_own(function.service) else function.service,
            "log_project": log_config.get("project", ""),
            "log_store": log_config.get("logstore", ""),
        },
        "version_id": deployed.version_id,
        "region": region,
        "account_id": function.account_id,
    }
