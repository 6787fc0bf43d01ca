"""HTTP triggers: a function answers at a URL. Source: triggers contract 2.1.

Nothing has to be attached: the gateway asks the catalog for the trigger of the function that a URL names.
"""

from dataclasses import replace
from typing import Any, cast

from liuyun.errors import Invalid, MethodRefused, TriggerRefused, Unsupported
from liuyun.model.function import Trigger

METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS")
ANONYMOUS, SIGNED = "anonymous", "function"


class HttpTrigger:
    name = "http"
    exclusive = True
    updatable = True

    def validated(self, trigger: Trigger) -> Trigger:
        config = trigger.config
        disabled = config.get("disableURLInternet", False)
        if not isinstance(disabled, bool):
            raise Invalid("trigger_disable_flag", "disableURLInternet in triggerConfig must be true or false")
        return replace(
            trigger,
            config={**config, "authType": auth_type(config.get("authType")), "methods": methods(config.get("methods"))},
        )

    async def attach(self, trigger: Trigger) -> None: ...

    async def detach(self, trigger: Trigger) -> None: ...


def auth_type(given: Any) -> str:
    """Templates write it in capitals (triggers contract 2.1)."""
    word = given.lower() if isinstance(given, str) else given
    if word is None:
        return SIGNED
    if word == "jwt":
        raise Unsupported("trigger_jwt", "authType jwt is not offered by this platform yet; use anonymous or function")
    if word not in {ANONYMOUS, SIGNED}:
        raise Invalid(
            "trigger_auth",
            "authType in triggerConfig must be anonymous or function, but is '{given}'",
            given=str(given)[:80],
        )
    return word


def methods(given: Any) -> list[str]:
    listed = cast(list[object], given) if isinstance(given, list) else []
    words = list(dict.fromkeys(str(word).upper() for word in listed))
    unknown = [word for word in words if word not in METHODS]
    if unknown or not words:
        found = f", but has '{unknown[0][:80]}'" if unknown else ""
        raise Invalid(
            "trigger_methods",
            "methods in triggerConfig must be a list of some of {methods}{found}",
            methods=", ".join(METHODS),
            found=found,
        )
    return words


def admit(trigger: Trigger | None, method: str) -> bool:
    """Whether the request must be signed. Raises TriggerRefused or MethodRefused if it may not pass at all."""
    if trigger is None:
        raise TriggerRefused(
            "trigger_http_missing", "the function has no HTTP trigger for this version; create one to call it by URL"
        )
    config = trigger.config
    if config.get("disableURLInternet"):
        raise TriggerRefused("trigger_url_disabled", "the URL of this HTTP trigger is disabled")
    if method not in config["methods"]:
        allowed = ", ".join(config["methods"])
        raise MethodRefused(
            "trigger_method", "the HTTP trigger takes {allowed}, not {method}", allowed=allowed, method=method[:20]
        )
    return config["authType"] == SIGNED
