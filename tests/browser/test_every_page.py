"""What holds for every page of the console. The pages are those of its own map: a new one is covered as it is added."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from mns.account import Account
from mns.queue import QueueMeta
from mns.topic import TopicMeta
from playwright.sync_api import Browser, Page, Response, ViewportSize, expect

from tests.browser.axe import serious_problems
from tests.browser.world import KEY, LOCALES, SECRET, Visit, running_platform
from tests.e2e.application import ROOT

SAMPLE = "sample"  # the name of one thing of each kind: what stands for every part of a page's address
MAP = (ROOT / "console/src/routes.tsx").read_text()
PATHS = ["", *re.findall(r"path: '([^'*]+)'", MAP)]
ELSEWHERE = {"playground"}  # needs its engine, which its own tests deploy
PAGES = ["/" + re.sub(r":\w+", SAMPLE, path) for path in PATHS if path not in ELSEWHERE]
FLOW = "version: v1\ntype: flow\nsteps:\n  - {type: wait, name: sample, duration: 86400}\n"
FILES = {"index.py": "def handler(*_): return 'sample'\n"}
FUNCTION = {"runtime": "python3.10", "handler": "index.handler", "files": FILES}
FILLING: dict[str, dict[str, Any]] = {
    "PUT /api/config/schemas/sample": {"document": {"type": "object"}, "description": SAMPLE},
    "PUT /api/config/entries/sample/sample": {"value": {"sample": True}},
    "POST /api/functions": {"service": SAMPLE, "name": SAMPLE, **FUNCTION},
    "POST /api/functions/sample/sample/invocations": {"payload": SAMPLE},
    "POST /api/flows": {"name": SAMPLE, "definition": FLOW},
    "POST /api/flows/sample/executions": {"name": SAMPLE},
}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
NAMES = (SAMPLE, "yaml", "fdl", "fc", "kb", "waiting", "running")
FIRST_SCRIPT_BYTES = 600 * 1024
# So that colours are read as they will stay.
STILL = "*, *::before, *::after { transition: none !important; animation: none !important }"
BUSY = ".ant-spin-spinning, .ant-skeleton, [aria-busy=true]"
# How much wider than the screen the page is, once it has taken the new size in.
WIDER = """async () => {
  const wider = () => document.documentElement.scrollWidth - innerWidth
  for (let frame = 0; wider() > 0 && frame < 200; frame++) await new Promise(requestAnimationFrame)
  return wider()
}"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One of its own: what other tests leave behind has names that are nobody's."""
    with running_platform(tmp_path_factory.mktemp("platform")) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def signed_in(browser: Browser, platform: str) -> Iterator[Visit]:
    """Once for all pages, on a platform that has one thing of each kind."""
    context = browser.new_context(locale=LOCALES["en"], viewport=DESKTOP, color_scheme="light")
    found = Visit(context.new_page(), platform)
    fill(found.sign_in("/audit"), platform)
    yield found
    context.close()


def fill(page: Page, endpoint: str) -> None:
    token = page.request.get(f"{endpoint}/api/session").json()["csrfToken"]
    for act, body in FILLING.items():
        method, path = act.split()
        answer = page.request.fetch(endpoint + path, method=method, data=body, headers={"x-csrf-token": token})
        assert answer.ok, answer.text()
    messages = Account(endpoint, KEY, SECRET)
    messages.get_queue(SAMPLE).create(QueueMeta())
    messages.get_topic(SAMPLE).create(TopicMeta())
    messages.get_client().close_connection()


@pytest.fixture
def reader(signed_in: Visit) -> Iterator[Visit]:
    """In English and light to begin with, on a large screen. Whatever the browser complained of fails the test."""
    signed_in.problems.clear()
    yield signed_in
    signed_in.page.set_viewport_size(DESKTOP)
    signed_in.page.evaluate("localStorage.clear()")
    assert signed_in.problems == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_both_languages_and_appearances(reader: Visit, path: str) -> None:
    """Light, dark and on a phone a page can be used by everybody; in Chinese no text is left in English."""
    page = reader.open(path)
    page.add_style_tag(content=STILL)
    settle(page)
    assert serious_problems(page) == []
    reader.in_chinese()
    page.get_by_role("switch", name="深色").first.click()
    assert reader.untranslated(*NAMES) == []
    assert serious_problems(page) == []
    for tab in page.get_by_role("tab").all()[1:]:
        tab.click()
        settle(page)
        assert (reader.untranslated(*NAMES), serious_problems(page)) == ([], [])
    page.set_viewport_size(PHONE)
    assert page.evaluate(WIDER) <= 0


def settle(page: Page) -> None:
    page.locator("#content h1").first.wait_for()
    expect(page.locator(BUSY)).to_have_count(0)


def test_the_first_page_loads_little(browser: Browser, platform: str) -> None:
    """Whoever opens the console for the first time waits for no more script than the first page needs."""
    context = browser.new_context(locale=LOCALES["en"])
    visit = Visit(context.new_page(), platform)
    loaded: list[Response] = []

    def answered(answer: Response) -> None:  # Playwright takes no method of a list
        loaded.append(answer)

    visit.page.on("response", answered)
    visit.sign_in()
    settle(visit.page)
    scripts = [answer.request.sizes()["responseBodySize"] for answer in loaded if answer.url.endswith(".js")]
    context.close()
    assert 0 < sum(scripts) < FIRST_SCRIPT_BYTES
