"""What each operation of the APIs is called with: names, documents and an order in which all of them can succeed."""

import re
from collections.abc import Iterable
from typing import Any

from liuyun.testing.platform import Running
from tests.contract.fc.clients import zip_text

CODE = {"index.py": "import time\ndef handler(event, context):\n    time.sleep(600 if event == b'held' else 0)\n"}
HELD = "hold"  # a call of our own in the order: a task that runs until it is stopped
ORDER = (
    "create_?service create_?function publish_?(function_?|service_?)?version publish_?layer create_?layer "
    "create_? put_? "
    f"register tag_? invoke {HELD} update_? (get|list|describe|change)_? stop untag_? disable enable "
    r"delete_?trigger delete\w*config delete_?alias delete_?(function_?|service_?)?version "
    "delete_?(layer|vpc|custom) delete_?session delete_?snapshot delete_?function delete_?service "
    "claim release deregister pause resume"
)
STAGES = [re.compile(stage, re.IGNORECASE) for stage in ORDER.split()]
# One configuration under two names, of which the older one has been removed just before.
REMOVED_BEFORE = {"deletescalingconfig": "ProvisionConfigNotFound"}


def ordered(methods: Iterable[str]) -> list[str]:
    return sorted(methods, key=lambda name: (next(i for i, stage in enumerate(STAGES) if stage.match(name)), name))


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def names(running: Running, family: str) -> dict[str, Any]:
    """By the names of parameters, in snake case. Each family's own, since numbers of versions don't come again."""
    service, function, layer = f"s-{family}", f"f-{family}", f"l-{family}"
    account = f"acs:fc:cn-hangzhou:{running.account_id}"
    serviceless = family.endswith("2023")
    return {
        "service_name": service,
        "function_name": function,
        "layer_name": layer,
        "alias_name": "prod",
        "alias": "LATEST",
        "version": "1",
        "version_id": "1",
        "trigger_name": "tick",
        "domain_name": f"{family}.example.com",
        "task_id": "task",
        "invocation_id": "task",
        "vpc_id": "vpc-1",
        "arn": f"{account}:layers/{layer}/versions/1",
        "layer_arn": f"{account}:layers/{layer}/versions/1",
        "resource_arn": f"{account}:functions/{function}" if serviceless else f"services/{service}",
        "session_id": "nobody",
        "snapshot_id": "nothing",
        "instance_id": "nothing",
        "source_arn": f"acs:oss:cn-hangzhou:{running.account_id}:bucket",
        "qualifier": "LATEST",
    }


def documents(known: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By a word of the operation's name; the empty one is for all others. They have the members that any form of an
    operation may want: clients take those that they know.
    """
    function, service = known["function_name"], known["service_name"]
    family: str = known["family"]
    config = {"cronExpression": "@every 24h", "enable": False}
    every: dict[str, Any] = {
        "serviceName": service,
        "functionName": function,
        "aliasName": "prod",
        "versionId": "1",
        "runtime": "python3.10",
        "handler": "index.handler",
        "timeout": 600,
        "code": {"zipFile": zip_text(CODE)},
        "Code": {"zipFile": zip_text(CODE)},
        "compatibleRuntime": ["python3.10"],
        "triggerName": "tick",
        "triggerType": "timer",
        "triggerConfig": config if family.endswith("2016") else '{"cronExpression":"@every 24h","enable":false}',
        "domainName": known["domain_name"],
        "protocol": "HTTP",
        "routeConfig": {"routes": [{"path": "/*", "serviceName": service, "functionName": function}]},
        "vpcId": "vpc-1",
        "public": "true",
        "acl": "0",
        "resourceArn": known["resource_arn"],
        "tags": [{"Key": "a", "Value": "b"}] if family.endswith("2023") else {"a": "b"},
        "tagKeys": ["a"],
        "ResourceType": "function",
        "ResourceId": [known["resource_arn"]],
        "Tag": [{"Key": "a", "Value": "b"}],
        "TagKey": ["a"],
        "resourceType": "function",
        "resourceId": [known["resource_arn"]],
        "tag": [{"key": "a", "value": "b"}],
        "tagKey": ["a"],
        "description": "made by a test",
        "reason": "a test",
    }
    special: dict[str, dict[str, Any]] = {
        "async": {"asyncTask": True, "statefulInvocation": True, "maxAsyncRetryAttempts": 1},
        "provision": {"target": 0, "defaultTarget": 0},
        "scaling": {"minInstances": 0},
        "concurrency": {"reservedConcurrency": 5},
        "ondemand": {"maximumInstanceCount": 5},
        "resourcegroup": {"ResourceId": function, "ResourceType": "function", "NewResourceGroupId": "group"},
    }
    named = {"serviceName": service, "functionName": function}
    return {"": every} | {word: {**named, **only} for word, only in special.items()}


def document(known: dict[str, Any], method: str) -> dict[str, Any]:
    of_words = documents(known)
    return next((of_words[word] for word in of_words if word and word in plain(method)), of_words[""])


def plain(method: str) -> str:
    return method.replace("_", "").lower()


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
