"""The properties of each resource type of a template, and their names in the platform's APIs.

Defaults are the vendor's template defaults, not the APIs', so that a property taken out of a template goes back to what
the template form promises. Sources: fc contract 5.3 and 1.4, mns contract 3.1 and 4, fnf contract 2.1.
"""

import re
from collections.abc import Mapping

from liuyun.cli.deploy.properties import Kind as Of
from liuyun.cli.deploy.properties import Property, Table

FC_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,127}")
MNS_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,255}")
FLOW_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,127}")

SERVICE: Table = {
    "Description": Property("description", default=""),
    "Role": Property("role"),
    "Policies": Property("policies", Of.ANY),
    "InternetAccess": Property("internetAccess", Of.FLAG, default=True),
    "VpcConfig": Property("vpcConfig", Of.DOCUMENT),
    "LogConfig": Property("logConfig", Of.DOCUMENT),
    "NasConfig": Property("nasConfig", Of.DOCUMENT),
    "TracingConfig": Property("tracingConfig", Of.LATER),
}
FUNCTION: Table = {
    "FunctionName": Property("functionName", pattern=FC_NAME),
    "Handler": Property("handler", required=True),
    "Runtime": Property("runtime", required=True),
    "CodeUri": Property("code", required=True),
    "Description": Property("description", default=""),
    "MemorySize": Property("memorySize", Of.NUMBER, default=128, bounds=(128, 32768)),
    "Timeout": Property("timeout", Of.NUMBER, default=3, bounds=(1, 86400)),
    "Initializer": Property("initializer", default=""),
    "InitializationTimeout": Property("initializationTimeout", Of.NUMBER, bounds=(1, 300)),
    "EnvironmentVariables": Property("environmentVariables", Of.VARIABLES, default={}),
    "InstanceConcurrency": Property("instanceConcurrency", Of.NUMBER, default=1, bounds=(1, 200)),
    "InstanceType": Property("instanceType"),
    "CAPort": Property("caPort", Of.NUMBER, bounds=(1, 65535)),
    "CustomRuntimeConfig": Property("customRuntimeConfig", Of.DOCUMENT),
    "CustomHealthCheckConfig": Property("customHealthCheckConfig", Of.DOCUMENT),
    "InstanceLifecycleConfig": Property("instanceLifecycleConfig", Of.DOCUMENT),
    "CustomContainerConfig": Property("customContainerConfig", Of.LATER),
    "AsyncConfiguration": Property("asyncConfiguration", Of.LATER),
}
HTTP: Table = {
    "AuthType": Property("authType", required=True, choices=("ANONYMOUS", "FUNCTION", "anonymous", "function")),
    "Methods": Property(
        "methods", Of.TEXTS, required=True, choices=("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS")
    ),
    "InvocationRole": Property("invocationRole"),
    "Qualifier": Property("qualifier"),
}
STRATEGIES = ("BACKOFF_RETRY", "EXPONENTIAL_DECAY_RETRY")
MNS_TOPIC: Table = {
    "TopicName": Property("topicName", required=True, pattern=MNS_NAME),
    "Region": Property("region"),
    "NotifyContentFormat": Property("notifyContentFormat", default="STREAM", choices=("STREAM", "JSON")),
    "NotifyStrategy": Property("notifyStrategy", default="BACKOFF_RETRY", choices=STRATEGIES),
    "FilterTag": Property("filterTag", default="", pattern=re.compile(r".{1,16}")),
    "InvocationRole": Property("invocationRole"),
    "Qualifier": Property("qualifier"),
}
EVENTS: Mapping[str, tuple[str, Table]] = {"HTTP": ("http", HTTP), "MNSTopic": ("mns_topic", MNS_TOPIC)}
EVENTS_LATER = ("Timer", "Log", "OSS", "CDN", "RDS", "TableStore", "Datahub", "API")
TOPIC: Table = {
    "TopicName": Property("name", pattern=MNS_NAME),
    "Region": Property("region"),
    "MaximumMessageSize": Property("MaximumMessageSize", Of.NUMBER, default=65536, bounds=(1024, 65536)),
    "LoggingEnabled": Property("LoggingEnabled", Of.FLAG, default=False),
}
QUEUE: Table = {
    "QueueName": Property("name", pattern=MNS_NAME),
    "DelaySeconds": Property("DelaySeconds", Of.NUMBER, default=0, bounds=(0, 604800)),
    "MaximumMessageSize": Property("MaximumMessageSize", Of.NUMBER, default=65536, bounds=(1024, 65536)),
    "MessageRetentionPeriod": Property("MessageRetentionPeriod", Of.NUMBER, default=345600, bounds=(60, 604800)),
    "VisibilityTimeout": Property("VisibilityTimeout", Of.NUMBER, default=30, bounds=(1, 43200)),
    "PollingWaitSeconds": Property("PollingWaitSeconds", Of.NUMBER, default=0, bounds=(0, 30)),
    "LoggingEnabled": Property("LoggingEnabled", Of.FLAG, default=False),
}
SUBSCRIPTION: Table = {
    "TopicName": Property("topic", required=True, pattern=MNS_NAME),
    "SubscriptionName": Property("name", pattern=MNS_NAME),
    "Endpoint": Property("Endpoint", required=True),
    "FilterTag": Property("FilterTag", default="", pattern=re.compile(r".{1,16}")),
    "NotifyStrategy": Property("NotifyStrategy", default="BACKOFF_RETRY", choices=STRATEGIES),
    "NotifyContentFormat": Property("NotifyContentFormat", default="XML", choices=("XML", "JSON", "SIMPLIFIED")),
}
FLOW: Table = {
    "Name": Property("name", pattern=FLOW_NAME),
    "Description": Property("Description", default=""),
    "Definition": Property("Definition", Of.ANY),
    "DefinitionUri": Property("DefinitionUri"),
    "Role": Property("RoleArn"),
    "RoleArn": Property("RoleArn"),
    "Policies": Property("policies", Of.ANY),
}
