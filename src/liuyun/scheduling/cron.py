"""When something that repeats is due: six-field cron expressions with a time zone, and fixed periods. Pure.

Sources: triggers contract 2.2, fc contract 4.2. The fields are second, minute, hour, day of month, month and day of
week; where both days are restricted, either may match. Where a zone's clock is moved, the rule is that of cron daemons:

* A schedule with a fixed hour and minute happens once for each day that has it: one that falls into the hour that is
  left out happens when that hour ends, one in the hour that comes twice happens the first time.
* A schedule that goes on all the time (`*` at the beginning of the hour or minute) follows elapsed time: nothing in the
  hour left out, and both times in the hour that comes twice.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from liuyun.errors import Invalid

LONGEST = 256
ZONED = re.compile(r"(?:CRON_TZ|TZ)=(?P<zone>\S+)\s+(?P<fields>.+)")
PERIOD = re.compile(r"@every\s+(?P<count>[0-9]{1,6})(?P<unit>[smh])")
UNITS = {"s": 1, "m": 60, "h": 3600}
LONGEST_PERIOD_S = 366 * 86_400
SECOND = timedelta(seconds=1)
REFERENCE = datetime(2024, 1, 1, tzinfo=UTC)  # an expression is checked by what comes after this


@dataclass(frozen=True, slots=True)
class Cron:
    """Made by `cron`, which checks it. Instants are milliseconds since the epoch."""

    fields: str
    zone: str = "UTC"

    def after(self, instant: int) -> int | None:
        """The first time later than `instant`; None if there is none in fifty years."""
        return following(self.fields, self.zone, instant // 1000)


@dataclass(frozen=True, slots=True)
class Every:
    """Counted from the time before; the first from when it was set, in whole seconds."""

    period_s: int

    def after(self, instant: int) -> int:
        return (instant // 1000 + self.period_s) * 1000


Schedule = Cron | Every


def schedule(text: str) -> Schedule:
    """`[CRON_TZ=ZONE ]SECOND MINUTE HOUR DAY MONTH WEEKDAY` or `@every 4m`. Raises Invalid."""
    if len(text) > LONGEST:
        raise Invalid(
            "schedule_long",
            "a schedule has at most {longest} characters, but this one has {count}",
            longest=LONGEST,
            count=len(text),
        )
    text = text.strip()
    if text.startswith("@"):
        return every(text)
    if zoned := ZONED.fullmatch(text):
        return cron(zoned["fields"], zoned["zone"])
    return cron(text)


def every(text: str) -> Every:
    period = PERIOD.fullmatch(text)
    seconds = int(period["count"]) * UNITS[period["unit"]] if period else 0
    if not 1 <= seconds <= LONGEST_PERIOD_S:
        raise Invalid(
            "schedule_period",
            "'{text}' is not a period such as @every 4m: a whole number of s, m or h, a year at most",
            text=text[:80],
        )
    return Every(seconds)


def cron(fields: str, zone: str = "UTC") -> Cron:
    """Raises Invalid for an expression that isn't one, or that never happens, and for an unknown zone."""
    if len(fields) > LONGEST or len(fields.split()) != 6:
        raise Invalid(
            "schedule_fields",
            "'{fields}' is not a cron expression: it has six fields, SECOND MINUTE HOUR DAY MONTH "
            "WEEKDAY, as in 0 30 4 * * * for half past four",
            fields=fields[:80],
        )
    checked = Cron(" ".join("*" if field == "?" else field for field in fields.split()), known_zone(zone))
    try:
        happens = checked.after(round(REFERENCE.timestamp() * 1000)) is not None
    except CronSimError as error:
        raise Invalid(
            "schedule_unreadable", "'{fields}' is not a cron expression: {error}", fields=fields[:80], error=error
        ) from None
    if not happens:
        raise Invalid(
            "schedule_never", "the cron expression '{fields}' never happens: no day is like that", fields=fields[:80]
        )
    return checked


def known_zone(name: str) -> str:
    try:
        ZoneInfo(name or "UTC")
    except (OSError, ValueError, LookupError):  # of a name that would be a path out of the zones' folder, or a folder
        raise Invalid(
            "schedule_zone", "'{name}' is not a time zone; write one like Asia/Shanghai", name=name[:80]
        ) from None
    return name or "UTC"


@lru_cache(maxsize=4096)  # timers with one schedule are due together
def following(fields: str, zone: str, second: int) -> int | None:
    start = datetime.fromtimestamp(second, UTC if zone == "UTC" else ZoneInfo(zone))
    try:
        found = next(CronSim(fields, start)) if follows_time(fields) else fixed_after(fields, start)
    except StopIteration:
        return None
    return round(found.timestamp()) * 1000


def follows_time(fields: str) -> bool:
    _, minute, hour, *_ = fields.split()
    return minute.startswith("*") or hour.startswith("*")


def fixed_after(fields: str, start: datetime) -> datetime:
    """The first time later than `start`, found on the clock on the wall and only then put into the zone."""
    for time in CronSim(fields, start.replace(tzinfo=None)):
        found = in_zone(time.replace(tzinfo=start.tzinfo))
        if found.timestamp() > start.timestamp():  # else it happened when the hour came the first time
            return found
    raise StopIteration


def in_zone(time: datetime) -> datetime:
    """The time itself, the first of two; for one that the zone's clock leaves out, the moment at which it goes on."""
    behind = time.astimezone(UTC)  # taken with the offset from before a change, so it lies behind it
    if behind.astimezone(time.tzinfo).replace(tzinfo=None) == time.replace(tzinfo=None):
        return time
    before = time.replace(fold=1).astimezone(UTC)
    offset = behind.astimezone(time.tzinfo).utcoffset()
    while behind - before > SECOND:
        middle = before + (behind - before) // SECOND // 2 * SECOND
        if middle.astimezone(time.tzinfo).utcoffset() == offset:
            behind = middle
        else:
            before = middle
    return behind
