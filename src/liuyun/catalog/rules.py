"""What services and functions may look like. Source: fc contract 2. Every rule that is broken raises Invalid."""

import re
from collections.abc import Mapping

import msgspec

from liuyun.errors import Invalid, Unsupported
from liuyun.model.function import Function, Service
from liuyun.model.secrets import BEGIN, secret_of

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
LONGEST_SERVICE, LONGEST_FUNCTION, LONGEST_TRIGGER, LONGEST_ALIAS, LONGEST_LAYER = 128, 64, 128, 128, 64
MOST_LAYERS = 5  # of one function
LONGEST_DESCRIPTION = 1024
LONGEST_HANDLER = 256
LONGEST_ROLE = 512
CONFIG_BYTES = 64 * 1024
ENVIRONMENT_BYTES = 4096
MOST_TAGS, LONGEST_TAG = 20, 128
RESERVED_VARIABLES = frozenset({"accessKeyID", "accessKeySecret", "securityToken", "topic"})
RUNTIMES = (
    "python2.7", "python3", "python3.9", "python3.10", "python3.11", "python3.12", "python3.13",
    "nodejs4.4", "nodejs6", "nodejs8", "nodejs10", "nodejs12", "nodejs14", "nodejs16", "nodejs18", "nodejs20",
    "java8", "java11", "php7.2", "dotnetcore2.1", "dotnetcore3.1", "go1",
    "custom", "custom.debian10", "custom.debian11", "custom.debian12",
)  # fmt: skip


def check_name(noun: str, name: str, longest: int) -> None:
    if not 1 <= len(name) <= longest or NAME.fullmatch(name) is None:
        raise Invalid(
            "name_letters",
            "{noun} must have 1 to {longest} letters, digits, underscores and hyphens and must not "
            "begin with a digit or a hyphen, but is '{name}'",
            noun=noun,
            longest=longest,
            name=shown(name),
        )


def check_service(service: Service) -> None:
    check_length("description", service.description, LONGEST_DESCRIPTION)
    check_length("role", service.role, LONGEST_ROLE)
    check_config(service.config)


def check_function(function: Function) -> None:
    check_runtime(function.runtime)
    check_handler("handler", function.handler)
    if function.initializer:
        check_handler("initializer", function.initializer)
    check_length("description", function.description, LONGEST_DESCRIPTION)
    check_range("memorySize", function.memory_mb, 128, 32_768)
    if function.memory_mb % 64:
        raise Invalid(
            "memory_multiple", "memorySize must be a multiple of 64, but is {found}", found=function.memory_mb
        )
    check_range("timeout", function.timeout_s, 1, 86_400)
    check_range("initializationTimeout", function.initialization_timeout_s, 1, 300)
    check_range("instanceConcurrency", function.instance_concurrency, 1, 200)
    check_environment(function)
    check_config(function.config)


def check_runtime(runtime: str) -> None:
    if runtime == "custom-container":
        raise Unsupported(
            "runtime_container", "the runtime custom-container runs container images, which this platform does not have"
        )
    if runtime not in RUNTIMES:
        raise Invalid(
            "runtime_unknown",
            "runtime must be one of {runtimes}, but is '{runtime}'",
            runtimes=", ".join(RUNTIMES),
            runtime=shown(runtime),
        )


def check_handler(field: str, handler: str) -> None:
    """Only its size: whether it names anything is found out when it is called, as on the vendor's side (1.3, 3.1)."""
    if not 1 <= len(handler) <= LONGEST_HANDLER or not handler.isprintable():
        raise Invalid(
            "handler_length",
            "{field} must have 1 to {longest} printable characters, but is '{handler}'",
            field=field,
            longest=LONGEST_HANDLER,
            handler=shown(handler),
        )


def check_environment(function: Function) -> None:
    for name in function.environment:
        if VARIABLE.fullmatch(name) is None:
            raise Invalid(
                "environment_name",
                "the names in environmentVariables must begin with a letter and have only letters, "
                "digits and underscores, but one is '{name}'",
                name=shown(name),
            )
        if name.startswith("FC_") or name in RESERVED_VARIABLES:
            raise Invalid(
                "environment_reserved",
                "the environment variable '{name}' is reserved; choose another name",
                name=shown(name),
            )
    size = sum(len(name.encode()) + len(value.encode()) for name, value in function.environment.items())
    if size > ENVIRONMENT_BYTES:
        raise Invalid(
            "environment_size",
            "environmentVariables must have at most {most} bytes in all, but have {size}",
            most=ENVIRONMENT_BYTES,
            size=size,
        )
    for name, value in function.environment.items():
        if value.startswith(BEGIN) and secret_of(value) is None:
            raise Invalid(
                "environment_secret",
                "the environment variable '{name}' asks for a secret, but its value is not of the form "
                "{{{{secret:SCHEMA/KEY}}}}",
                name=shown(name),
            )
    if any("\0" in value for value in function.environment.values()):
        raise Invalid("environment_nul", "the values in environmentVariables must not hold a NUL character")


def check_range(field: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise Invalid(
            "value_range",
            "{field} must be from {low} to {high}, but is {value}",
            field=field,
            low=low,
            high=high,
            value=value,
        )


def check_length(field: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise Invalid(
            "text_long",
            "{field} must have at most {longest} characters, but has {count}",
            field=field,
            longest=longest,
            count=len(text),
        )


def check_config(config: object) -> None:
    size = len(msgspec.json.encode(config))
    if size > CONFIG_BYTES:
        raise Invalid(
            "configuration_size",
            "the configuration must have at most {most} bytes, but has {size}",
            most=CONFIG_BYTES,
            size=size,
        )


def shown(text: str) -> str:
    """Somebody else's text in a message of ours."""
    return text if len(text) <= 80 else f"{text[:80]}..."


def check_tags(tags: Mapping[str, str]) -> None:
    if len(tags) > MOST_TAGS:
        raise Invalid(
            "tags_most",
            "a resource must have at most {most} tags, but would have {count}",
            most=MOST_TAGS,
            count=len(tags),
        )
    for name, value in tags.items():
        if not 1 <= len(name) <= LONGEST_TAG or len(value) > LONGEST_TAG:
            raise Invalid(
                "tag_length",
                "a tag must have a key of 1 to {longest} characters and a value of at most as many, but "
                "one is '{name}': '{value}'",
                longest=LONGEST_TAG,
                name=shown(name),
                value=shown(value),
            )
