"""When schedules are due. Times are written as local ones of the schedule's zone."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuyun.errors import Invalid
from liuyun.scheduling.cron import Cron, Every, cron, schedule

BERLIN = "Europe/Berlin"  # forward on 2024-03-31 at 02:00, back on 2024-10-27 at 03:00


def at(text: str, zone: str = "UTC", fold: int = 0) -> int:
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return round(local.timestamp() * 1000)


def times(made: Cron, start: int, count: int) -> list[str]:
    """The next times by the clock of the schedule's zone."""
    found: list[str] = []
    for _ in range(count):
        following = made.after(start)
        assert following is not None
        start = following
        found.append(datetime.fromtimestamp(start / 1000, ZoneInfo(made.zone)).strftime("%m-%d %H:%M:%S %Z"))
    return found


@pytest.mark.parametrize(
    ("text", "start", "following"),
    [
        ("0 0 4 * * *", "2024-05-01 03:59:59", "2024-05-01 04:00:00"),
        ("0 0 4 * * *", "2024-05-01 04:00:00", "2024-05-02 04:00:00"),
        ("*/20 * * * * *", "2024-05-01 00:00:20", "2024-05-01 00:00:40"),
        ("0 30 9 ? * MON-FRI", "2024-05-03 10:00:00", "2024-05-06 09:30:00"),
        ("0 0 0 1 1 ?", "2024-05-03 10:00:00", "2025-01-01 00:00:00"),
        ("0 0 0 13 * FRI", "2024-05-11 00:00:00", "2024-05-13 00:00:00"),
        ("0 0 0 29 2 *", "2024-03-01 00:00:00", "2028-02-29 00:00:00"),
        ("CRON_TZ=Asia/Shanghai 0 0 12 * * *", "2024-05-01 03:00:00", "2024-05-01 04:00:00"),
    ],
)
def test_the_next_time(text: str, start: str, following: str) -> None:
    """Later than the start, in UTC unless a zone is named; either of two restricted days matches."""
    assert schedule(text).after(at(start)) == at(following)


def test_a_period_counts_from_the_time_before() -> None:
    """In whole seconds, so that a tick's time can be told in seconds."""
    assert schedule("@every 4m") == Every(240)
    assert Every(240).after(1_000_900) == 1_240_000
    assert schedule("@every 10s").after(5000) == 15_000


@pytest.mark.parametrize(
    "text",
    [
        "", "* * * * *", "0 0 0 * * * *", "61 * * * * *", "0 0 0 30 2 *", "@every", "@every 0m", "@every 4d", "@daily",
        "@every 9999999h", "CRON_TZ=Mars/Olympus 0 0 0 * * *", "CRON_TZ=../../etc/passwd 0 0 0 * * *",
        "CRON_TZ=Europe 0 0 0 * * *", "0 0 0 L-3 * *", "0" * 300, "0 0 0 29 2 MON#9",
    ],
)  # fmt: skip
def test_what_is_no_schedule(text: str) -> None:
    """Wrong fields, unknown units and zones, days that never come."""
    with pytest.raises(Invalid):
        schedule(text)


def test_a_fixed_time_in_the_hour_left_out_comes_when_that_hour_ends() -> None:
    """A daily job is not lost on the day on which the clock goes forward."""
    daily = cron("0 30 2 * * *", BERLIN)
    assert times(daily, at("2024-03-30 12:00", BERLIN), 2) == ["03-31 03:00:00 CEST", "04-01 02:30:00 CEST"]


def test_a_fixed_time_in_the_hour_that_comes_twice_comes_once() -> None:
    """A daily job is not doubled on the day on which the clock goes back."""
    daily = cron("0 30 2 * * *", BERLIN)
    assert times(daily, at("2024-10-26 12:00", BERLIN), 2) == ["10-27 02:30:00 CEST", "10-28 02:30:00 CET"]
    assert times(daily, at("2024-10-27 02:10", BERLIN, fold=1), 1) == ["10-28 02:30:00 CET"]


def test_a_schedule_that_goes_on_follows_elapsed_time() -> None:
    """Every half hour: none in the hour left out, both passes of the hour that comes twice."""
    half_hourly = cron("0 */30 * * * *", BERLIN)
    assert times(half_hourly, at("2024-03-31 01:15", BERLIN), 2) == ["03-31 01:30:00 CET", "03-31 03:00:00 CEST"]
    assert times(half_hourly, at("2024-10-27 02:15", BERLIN), 4) == [
        "10-27 02:30:00 CEST", "10-27 02:00:00 CET", "10-27 02:30:00 CET", "10-27 03:00:00 CET",
    ]  # fmt: skip


fields = st.tuples(
    st.sampled_from(["0", "30", "*/15", "5,50"]),
    st.sampled_from(["0", "*", "*/7", "59", "10-20"]),
    st.sampled_from(["*", "2", "1-3", "*/6", "23"]),
    st.sampled_from(["*", "31", "1", "15"]),
    st.sampled_from(["*", "3", "10"]),
    st.sampled_from(["*", "SUN", "1-5"]),
).map(" ".join)
starts = st.integers(at("2024-03-29 00:00", BERLIN) // 1000, at("2024-11-02 00:00", BERLIN) // 1000)


@given(fields, st.sampled_from([BERLIN, "UTC", "Australia/Lord_Howe", "Asia/Shanghai"]), starts)
def test_times_only_grow(text: str, zone: str, start: int) -> None:
    """Each time is later than the one before, and asking from in between skips none."""
    made = cron(text, zone)
    found = [start * 1000]
    for _ in range(5):
        following = made.after(found[-1])
        assert following is not None
        found.append(following)
    assert all(earlier < later for earlier, later in pairwise(found))
    middle = (found[0] + found[1]) // 2
    assert made.after(middle if middle < found[1] else found[0]) == found[1]
