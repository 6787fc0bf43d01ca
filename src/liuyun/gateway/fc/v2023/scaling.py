"""Scaling configurations: the newer words for provisioned instances. Source: fc contract 1.6.

`minInstances` is the number that is always kept, policies move it; without enableOnDemandScaling there are no others.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, cast

from liuyun.errors import NotFound
from liuyun.gateway.fc.call import Call, answer, done, listing, next_token
from liuyun.gateway.fc.v2016.configurations import arn, document_of, target_of, wanted
from liuyun.gateway.http import Response
from liuyun.model.configuration import ConfigKind, Configuration

POLICY = {"minInstances": "minCapacity", "maxInstances": "maxCapacity"}


async def put_scaling_config(call: Call) -> Response:
    document = document_of(call)
    configurations = call.platform.catalog.configurations
    target = target_of(call, ConfigKind.PROVISION)
    found = await configurations.put(ConfigKind.PROVISION, target, provisioned(document))
    if document.get("enableOnDemandScaling") is False:
        await configurations.put(ConfigKind.ON_DEMAND, target, {"maximumInstanceCount": 0})
    else:
        await remove(call, ConfigKind.ON_DEMAND)
    return answer(call, body(found, call))


async def get_scaling_config(call: Call) -> Response:
    target = target_of(call, ConfigKind.PROVISION)
    return answer(call, body(await call.platform.catalog.configurations.get(ConfigKind.PROVISION, target), call))


async def delete_scaling_config(call: Call) -> Response:
    target = target_of(call, ConfigKind.PROVISION)
    await call.platform.catalog.configurations.delete(ConfigKind.PROVISION, target)
    await remove(call, ConfigKind.ON_DEMAND)
    return done(call)


async def list_scaling_configs(call: Call) -> Response:
    page = call.platform.catalog.configurations.list(
        ConfigKind.PROVISION, call.account_id, listing(call.query()), wanted(call)
    )
    found = [body(configuration, call) for configuration in page.items]
    return answer(call, {"scalingConfigs": found, **next_token(page.next_key)})


async def remove(call: Call, kind: ConfigKind) -> None:
    with suppress(NotFound):
        await call.platform.catalog.configurations.delete(kind, target_of(call, kind))


def provisioned(document: Mapping[str, Any]) -> dict[str, Any]:
    """In the words of a provision configuration."""
    policies: list[Any] = document.get("horizontalScalingPolicies") or []
    return {
        "defaultTarget": document.get("minInstances") or 0,
        "scheduledActions": document.get("scheduledPolicies") or [],
        "targetTrackingPolicies": [renamed(policy, POLICY) for policy in policies],
    }


def body(configuration: Configuration, call: Call) -> dict[str, Any]:
    document, target = configuration.document, configuration.target
    state = call.platform.provisioned(target)
    key = (target.account_id, target.service, target.qualifier, target.function)
    on_demand = call.platform.catalog.configurations.of(ConfigKind.ON_DEMAND, *key)
    back = {name: word for word, name in POLICY.items()}
    return {
        "functionArn": arn(target, call.platform.region),
        "minInstances": document.get("defaultTarget", document.get("target", 0)),
        "enableOnDemandScaling": on_demand is None or on_demand.get("maximumInstanceCount") != 0,
        "scheduledPolicies": document.get("scheduledActions", []),
        "horizontalScalingPolicies": [renamed(each, back) for each in document.get("targetTrackingPolicies", [])],
        "targetInstances": state.target,
        "currentInstances": state.current,
        "currentError": state.error,
    }


def renamed(policy: Any, words: Mapping[str, str]) -> Any:
    """What is no mapping is passed on, for the rules to refuse it by name."""
    if not isinstance(policy, dict):
        return policy
    return {words.get(name, name): value for name, value in cast(dict[str, Any], policy).items()}
