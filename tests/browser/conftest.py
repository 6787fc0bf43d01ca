"""A platform and a browser for the tests of the pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.world import LOCALES, WAIT_MS, Visit, running_browser, running_platform


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_platform(tmp_path_factory.mktemp("platform")) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")  # not longer: while it lives, no other test can run a loop of its own
def browser() -> Iterator[Browser]:
    with running_browser() as found:
        yield found


@pytest.fixture
def visit(browser: Browser, platform: str) -> Iterator[Visit]:
    """In English to begin with. Whatever the browser complained of fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale=LOCALES["en"])
    context.set_default_timeout(WAIT_MS)
    found = Visit(context.new_page(), platform)
    yield found
    context.close()
    assert found.problems == []
