"""What all tests share."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from hypothesis import settings

from liuyun.testing.clock import FakeClock
from liuyun.testing.ids import CountingIds

T = TypeVar("T")

settings.register_profile("liuyun", deadline=None)  # how long an example takes is the machine's affair
settings.load_profile("liuyun")


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def ids() -> CountingIds:
    return CountingIds()
