"""The secrets that a function is given by name, as texts for the one instance that starts with them."""

from collections.abc import Callable, Mapping

from liuyun.compute.outcome import FunctionNotStarted
from liuyun.errors import ConfigNotFound
from liuyun.model.function import Deployed, Function
from liuyun.model.secrets import SecretName, secrets_in

Reveal = Callable[[Function, SecretName], str]  # raises ConfigNotFound


def no_secrets(_: Function, secret: SecretName) -> str:
    raise ConfigNotFound("secret_missing", "there is no secret '{secret}'", secret=secret)


def revealed(deployed: Deployed, reveal: Reveal) -> Mapping[str, str]:
    """By variable. Raises FunctionNotStarted."""
    function = deployed.function
    return {name: text_of(function, name, secret, reveal) for name, secret in secrets_in(function.environment).items()}


def text_of(function: Function, variable: str, secret: SecretName, reveal: Reveal) -> str:
    try:
        text = reveal(function, secret)
    except ConfigNotFound:
        raise FunctionNotStarted(
            "variable_secret_missing",
            "The environment variable {variable} asks for the secret {secret}, which isn't there: store it under this "
            "schema and key for the account or the platform, or change the variable.",
            variable=variable,
            secret=secret,
        ) from None
    if "\0" in text:
        template = (
            "The secret {secret} can't be given to the environment variable {variable}: it holds a NUL character."
        )
        raise FunctionNotStarted("variable_secret_nul", template, secret=secret, variable=variable)
    return text
