"""Message triggers: a topic's messages start a function. Source: triggers contract 2.4.

A trigger is a subscription of the function on the topic; the message service retries, filters and formats.
"""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from liuyun.errors import Invalid, NotFound
from liuyun.model.function import Trigger
from liuyun.model.message import NotifyFormat, NotifyStrategy, SubscriptionAttributes

ARN = re.compile(r"acs:mns:[^:]*:[^:]*:/?topics/(?P<topic>[A-Za-z0-9][A-Za-z0-9-]{0,255})")
FORMATS = ("STREAM", "JSON")
STRATEGIES = ("BACKOFF_RETRY", "EXPONENTIAL_DECAY_RETRY")
LONGEST_TAG = 16

Subscribe = Callable[[str, str, str, SubscriptionAttributes], Awaitable[object]]
Unsubscribe = Callable[[str, str, str], Awaitable[object]]


class MessageTrigger:
    """`subscribe(account_id, topic, name, attributes)` of the message service does nothing if it is so already;
    `unsubscribe(account_id, topic, name)` raises NotFound then.
    """

    name = "mns_topic"
    exclusive = False
    updatable = False

    def __init__(self, *, region: str, subscribe: Subscribe, unsubscribe: Unsubscribe) -> None:
        self._region = region
        self._subscribe = subscribe
        self._unsubscribe = unsubscribe

    def validated(self, trigger: Trigger) -> Trigger:
        if ARN.fullmatch(trigger.source_arn) is None:
            raise Invalid(
                "trigger_source",
                "sourceArn of an mns_topic trigger must be acs:mns:REGION:ACCOUNT:/topics/TOPIC, but is '{source_arn}'",
                source_arn=trigger.source_arn[:200],
            )
        config = trigger.config
        checked = {
            "notifyContentFormat": word("notifyContentFormat", config, FORMATS),
            "notifyStrategy": word("notifyStrategy", config, STRATEGIES),
            "filterTag": tag(config.get("filterTag")),
        }
        return replace(trigger, config={**config, **checked})

    async def attach(self, trigger: Trigger) -> None:
        """Raises NotFound for a topic that isn't there."""
        attributes = SubscriptionAttributes(
            endpoint=endpoint(trigger, self._region),
            filter_tag=trigger.config["filterTag"],
            strategy=NotifyStrategy(trigger.config["notifyStrategy"]),
            format=NotifyFormat(trigger.config["notifyContentFormat"]),
        )
        await self._subscribe(trigger.account_id, topic_of(trigger), subscription_name(trigger), attributes)

    async def detach(self, trigger: Trigger) -> None:
        with suppress(NotFound):
            await self._unsubscribe(trigger.account_id, topic_of(trigger), subscription_name(trigger))


def topic_of(trigger: Trigger) -> str:
    arn = ARN.fullmatch(trigger.source_arn)
    assert arn is not None, "checked before it was stored"
    return arn["topic"]


def subscription_name(trigger: Trigger) -> str:
    """Unlike the trigger's own name, it may have no underscore and is shared with everybody who uses the topic."""
    return f"fc-trigger-{trigger.trigger_id}"


def endpoint(trigger: Trigger, region: str) -> str:
    qualifier = "" if trigger.qualifier == "LATEST" else f".{trigger.qualifier}"
    service = f"services/{trigger.service}{qualifier}"
    return f"acs:fc:{region}:{trigger.account_id}:{service}/functions/{trigger.function}"


def word(field: str, config: Any, allowed: tuple[str, ...]) -> str:
    """The first of `allowed` is the default."""
    given = config.get(field) or allowed[0]
    if given not in allowed:
        raise Invalid(
            "trigger_word",
            "{field} in triggerConfig must be one of {allowed}, but is '{given}'",
            field=field,
            allowed=", ".join(allowed),
            given=str(given)[:80],
        )
    return given


def tag(given: Any) -> str:
    text = "" if given is None else given
    if not isinstance(text, str) or len(text) > LONGEST_TAG or not text.isprintable():
        raise Invalid(
            "trigger_tag",
            "filterTag in triggerConfig must be a text of at most {longest} printable characters",
            longest=LONGEST_TAG,
        )
    return text
