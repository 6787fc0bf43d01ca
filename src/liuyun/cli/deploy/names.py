"""What the references in a template mean: the name and the attributes of each of its resources."""

from collections.abc import Mapping

from liuyun.cli.deploy.document import Call, Fields, Problem, Scalar
from liuyun.cli.deploy.intrinsics import Scope, Value, resolve
from liuyun.cli.deploy.parameters import Parameters
from liuyun.cli.deploy.resources import STRUCTURE, Place, type_of


def scope_of(resources: Mapping[str, Fields], parameters: Parameters, place: Place, problems: list[Problem]) -> Scope:
    """What references mean. Names of resources may themselves come from parameters, but not from other resources."""
    pseudo: dict[str, Value] = {
        "ALIYUN::AccountId": place.account_id,
        "ALIYUN::TenantId": place.account_id,
        "ALIYUN::Region": place.region,
        "ALIYUN::StackName": place.stack,
    }
    refs: dict[str, Value] = {**pseudo, **parameters.values}
    early = Scope(refs=dict(refs), attributes={})
    attributes: dict[str, Mapping[str, str]] = {}
    for logical, node in resources.items():
        if logical in refs:
            problems.append(Problem(node.at, f"'{logical}' is a parameter as well; give one of them another name."))
        for path, found in attributes_of(logical, node, early, place):
            attributes[path] = found
            refs[path] = found["Ref"]
    return Scope(refs, {path: {k: v for k, v in found.items() if k != "Ref"} for path, found in attributes.items()})


def attributes_of(logical: str, node: Fields, early: Scope, place: Place) -> list[tuple[str, dict[str, str]]]:
    """Each name that can be referred to, with its attributes; `Ref` is what a plain reference gives."""
    at = f"{place.region}:{place.account_id}"
    match type_of(node).lower():
        case "aliyun::serverless::service":
            service = [(logical, {"Ref": logical, "ServiceName": logical, "Arn": f"acs:fc:{at}:services/{logical}"})]
            return service + function_attributes(logical, node, early)
        case "aliyun::serverless::flow":
            name = named(node, "Name", logical, early)
            return [(logical, {"Ref": name, "Name": name, "Arn": f"acs:fnf:{at}:flow/{name}"})]
        case "aliyun::mns::topic" | "aliyun::serverless::mnstopic":
            return [(logical, mns_attributes("Topic", named(node, "TopicName", logical, early), place))]
        case "aliyun::mns::queue":
            return [(logical, mns_attributes("Queue", named(node, "QueueName", logical, early), place))]
        case "aliyun::mns::subscription":
            name = named(node, "SubscriptionName", logical, early)
            return [(logical, {"Ref": name, "SubscriptionName": name})]
        case _:
            return [(logical, {"Ref": logical})]  # an unknown type, reported where it is built


def function_attributes(service: str, node: Fields, early: Scope) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    for key, function in node.nodes.items():
        if key not in STRUCTURE and isinstance(function, Fields):
            name = named(function, "FunctionName", key, early)
            arn = f"acs:fc:::services/{service}/functions/{name}"
            found.append((f"{service}/{key}", {"Ref": arn, "Arn": arn, "FunctionName": name}))
    return found


def mns_attributes(noun: str, name: str, place: Place) -> dict[str, str]:
    resource = f"{noun.lower()}s/{name}"
    at = f"acs:mns:{place.region}:{place.account_id}"
    return {
        "Ref": name,
        f"{noun}Name": name,
        f"{noun}Url": f"{place.endpoint}/{resource}",
        "Arn": f"{at}:/{resource}",
        "ARN.WithSlash": f"{at}:/{resource}",
        "ARN.WithoutSlash": f"{at}:{resource}",
    }


def named(node: Fields, property_name: str, logical: str, early: Scope) -> str:
    properties = node.nodes.get("Properties")
    value = properties.nodes.get(property_name) if isinstance(properties, Fields) else None
    if isinstance(value, Call):
        value = resolve(value, early, [])
    return str(value.value) if isinstance(value, Scalar) and value.value is not None else logical
