"""What all tests share."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from liuyun.testing.clock import FakeClock
from liuyun.testing.ids import CountingIds

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def ids() -> CountingIds:
    return CountingIds()
