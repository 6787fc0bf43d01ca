"""The properties of the components in a s.yaml, and their names in the platform's APIs. Source: fc contract 5.2.

Defaults are the component's, so that a property taken out of the file goes back to what the file form promises.
"""

from liuyun.cli.deploy.properties import Kind as Of
from liuyun.cli.deploy.properties import Property, Table
from liuyun.cli.deploy.tables import FC_NAME

TRIGGER_TYPES = ("http", "timer", "mns_topic", "oss", "log", "cdn_events", "eventbridge", "tablestore")
OF_BOTH: Table = {
    "runtime": Property("runtime", required=True),
    "description": Property("description", default=""),
    "timeout": Property("timeout", Of.NUMBER, default=3, bounds=(1, 86400)),
    "environmentVariables": Property("environmentVariables", Of.VARIABLES, default={}),
    "instanceConcurrency": Property("instanceConcurrency", Of.NUMBER, default=1, bounds=(1, 200)),
    "layers": Property("layers", Of.TEXTS),
    "diskSize": Property("diskSize", Of.NUMBER),
    "cpu": Property("cpu", Of.DECIMAL),
    "customRuntimeConfig": Property("customRuntimeConfig", Of.DOCUMENT),
    "customContainerConfig": Property("customContainerConfig", Of.LATER),
    "customDNS": Property("customDNS", Of.DOCUMENT),
    "instanceLifecycleConfig": Property("instanceLifecycleConfig", Of.DOCUMENT),
}
OF_OWNER: Table = {
    "role": Property("role", default=""),
    "internetAccess": Property("internetAccess", Of.FLAG, default=True),
    "logConfig": Property("logConfig", Of.DOCUMENT),
    "vpcConfig": Property("vpcConfig", Of.DOCUMENT),
    "nasConfig": Property("nasConfig", Of.DOCUMENT),
    "ossMountConfig": Property("ossMountConfig", Of.DOCUMENT),
    "tracingConfig": Property("tracingConfig", Of.DOCUMENT),
}
FC3: Table = {
    "region": Property("region"),
    "functionName": Property("functionName", required=True, pattern=FC_NAME),
    "code": Property("code", Of.ANY, required=True),
    "handler": Property("handler", default="index.handler"),
    "memorySize": Property("memorySize", Of.NUMBER, default=512, bounds=(128, 32768)),
    **OF_BOTH,
    **OF_OWNER,
    "gpuConfig": Property("gpuConfig", Of.DOCUMENT),
    "idleTimeout": Property("idleTimeout", Of.NUMBER),
    "disableOndemand": Property("disableOndemand", Of.FLAG),
    "disableInjectCredentials": Property("disableInjectCredentials"),
    "instanceIsolationMode": Property("instanceIsolationMode"),
    "sessionAffinity": Property("sessionAffinity"),
    "sessionAffinityConfig": Property("sessionAffinityConfig"),
    "resourceGroupId": Property("resourceGroupId"),
    "triggers": Property("triggers", Of.ANY),
    "asyncInvokeConfig": Property("asyncInvokeConfig", Of.DOCUMENT),
    "provisionConfig": Property("provisionConfig", Of.DOCUMENT),
    "concurrencyConfig": Property("concurrencyConfig", Of.DOCUMENT),
    "scalingConfig": Property("scalingConfig", Of.DOCUMENT),
    "tags": Property("tags", Of.LATER),
    "vpcBinding": Property("vpcBinding", Of.LATER),
    "endpoint": Property("endpoint"),
    "annotations": Property("annotations", Of.ANY),
}
FC3_TRIGGER: Table = {
    "triggerName": Property("triggerName", required=True, pattern=FC_NAME),
    "triggerType": Property("triggerType", required=True, choices=TRIGGER_TYPES),
    "triggerConfig": Property("triggerConfig", Of.DOCUMENT, required=True),
    "qualifier": Property("qualifier"),
    "sourceArn": Property("sourceArn"),
    "invocationRole": Property("invocationRole"),
    "description": Property("description"),
}
DOMAIN: Table = {
    "region": Property("region"),
    "domainName": Property("domainName", required=True),
    "protocol": Property("protocol", default="HTTP"),
    "routeConfig": Property("routeConfig", Of.DOCUMENT, required=True),
    "certConfig": Property("certConfig", Of.DOCUMENT),
    "tlsConfig": Property("tlsConfig", Of.DOCUMENT),
    "authConfig": Property("authConfig", Of.DOCUMENT),
    "corsConfig": Property("corsConfig", Of.DOCUMENT),
    "wafConfig": Property("wafConfig", Of.LATER),
}
FC: Table = {
    "region": Property("region"),
    "service": Property("service", Of.ANY, required=True),
    "function": Property("function", Of.ANY),
    "triggers": Property("triggers", Of.ANY),
    "customDomains": Property("customDomains", Of.ANY),
}
FC_SERVICE: Table = {
    "name": Property("name", required=True, pattern=FC_NAME),
    "description": Property("description", default=""),
    **OF_OWNER,
}
FC_FUNCTION: Table = {
    "name": Property("name", required=True, pattern=FC_NAME),
    "codeUri": Property("code", required=True),
    "handler": Property("handler", default="index.handler"),
    "memorySize": Property("memorySize", Of.NUMBER, default=128, bounds=(128, 32768)),
    "initializer": Property("initializer", default=""),
    "initializationTimeout": Property("initializationTimeout", Of.NUMBER, bounds=(1, 300)),
    "instanceType": Property("instanceType"),
    "caPort": Property("caPort", Of.NUMBER, bounds=(1, 65535)),
    "asyncConfiguration": Property("asyncConfiguration", Of.DOCUMENT),
    **OF_BOTH,
}
FC_TRIGGER: Table = {
    "name": Property("name", required=True, pattern=FC_NAME),
    "type": Property("triggerType", required=True, choices=TRIGGER_TYPES),
    "config": Property("triggerConfig", Of.DOCUMENT, required=True),
    "qualifier": Property("qualifier"),
    "role": Property("invocationRole"),
    "sourceArn": Property("sourceArn"),
    "description": Property("description"),
}
FC_DOMAIN: Table = {
    "domainName": Property("domainName", required=True),
    "protocol": Property("protocol", default="HTTP"),
    "routeConfigs": Property("routes", Of.ANY, required=True),
    "certConfig": Property("certConfig", Of.DOCUMENT),
}
