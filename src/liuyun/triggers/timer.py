"""Timer triggers: a function is called again and again, asynchronously. Source: triggers contract 2.2.

`ticks.py` says which ticks count and what the function gets, `ticking.py` keeps the time.
"""

from dataclasses import replace

from liuyun.errors import Invalid
from liuyun.model.function import Trigger
from liuyun.scheduling.cron import schedule
from liuyun.triggers.ticking import Ticking


class TimerTrigger:
    name = "timer"
    exclusive = False
    updatable = True

    def __init__(self, ticking: Ticking) -> None:
        self._ticking = ticking

    def validated(self, trigger: Trigger) -> Trigger:
        config = trigger.config
        expression, enable, payload = config.get("cronExpression"), config.get("enable"), config.get("payload")
        if not isinstance(expression, str):
            raise Invalid(
                "trigger_cron",
                "cronExpression in triggerConfig must be a schedule such as '0 0 4 * * *' or '@every 4m'",
            )
        schedule(expression)
        if not isinstance(enable, bool | None):
            raise Invalid("trigger_enable", "enable in triggerConfig must be true or false")
        if not isinstance(payload, str | None):
            raise Invalid("trigger_payload", "payload in triggerConfig must be a text")
        return replace(trigger, config={**config, "enable": enable is not False, "payload": payload or ""})

    async def attach(self, trigger: Trigger) -> None:
        if trigger.config["enable"]:
            await self._ticking.begin(trigger)
        else:
            await self._ticking.end(trigger)

    async def detach(self, trigger: Trigger) -> None:
        await self._ticking.end(trigger)
