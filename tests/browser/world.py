"""A platform as a person meets it: through a browser."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright

from tests.e2e.application import clean_environment, wait_for_line

USER, PASSWORD = "admin", "correct horse battery"
KEY, SECRET = "LTAIbrowsertests", "a secret of the tests of the pages"  # for SDKs beside the browser
WAIT_MS = 60_000  # for what a person waits for: two cores may be busy with other tests
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage")  # fmt: skip
expect.set_options(timeout=WAIT_MS)
LOCALES = {"en": "en-US", "zh": "zh-CN"}
READY = "Next, in another shell:"

# The texts that a reader sees or hears, but for code and data, which pages mark as such, and passing notes of what was
# done before the language was changed.
TEXTS = """() => {
  const found = []
  const data = 'code, pre, time, .mono, .cm-editor, [translate=no], script, style, [aria-hidden=true], .anticon,' +
    '.ant-message'
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node; (node = walk.nextNode()); )
    if (!node.parentElement.closest(data) && node.parentElement.checkVisibility()) found.push(node.data.trim())
  for (const one of document.querySelectorAll('[aria-label], [placeholder], [title]'))
    if (!one.closest(data))
      found.push(...['aria-label', 'placeholder', 'title'].map((name) => one.getAttribute(name) ?? ''))
  return [...new Set(found)].filter((text) => text)
}"""
LATIN, HAN = re.compile(r"[A-Za-z]{2,}"), re.compile(r"[\u4e00-\u9fff]")
# What is called so in every language.
NAMES = {"liuyun", "english", "http", "https", "json", "yaml", "python", "node", "js", "api", "sdk", "cli", "mb", "ms"}


@dataclass
class Visit:
    """One person's window. `problems` are what the browser complained of: there should be none."""

    page: Page
    endpoint: str
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(WAIT_MS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        self.page.on("response", self._answered)

    def open(self, path: str = "") -> Page:
        self.page.goto(f"{self.endpoint}/console{path}")
        return self.page

    def sign_in(self, path: str = "") -> Page:
        self.open(path)
        return self.enter(PASSWORD)

    def enter(self, password: str, name: str = USER) -> Page:
        """Signs in where the page asks for it; the page that was wanted follows."""
        page = self.page
        page.locator("input[autocomplete=username]").fill(name)
        page.locator("input[autocomplete=current-password]").fill(password)
        page.locator("button[type=submit]").click()
        page.locator("#content h1").first.wait_for()
        return page

    def in_chinese(self) -> Page:
        """The same page, in the other language."""
        self.page.get_by_role("button", name="Language").click()
        self.page.locator("html[lang=zh-CN]").wait_for()
        return self.page

    def untranslated(self, *names: str) -> list[str]:
        """Texts of the page that have Latin words but no Chinese, except for those that are names."""
        known = NAMES | {name.lower() for name in (USER, *names)}
        return [text for text in self.page.evaluate(TEXTS) if not HAN.search(text) and unknown(text, known)]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"console {message.type}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status} {response.request.method} {response.url}")


def unknown(text: str, known: set[str]) -> list[str]:
    return [word for word in LATIN.findall(text) if word.lower() not in known]


@contextmanager
def running_platform(data: Path, *options: str) -> Iterator[str]:
    """Started for these tests alone; where it is reached."""
    command = [sys.executable, "-m", "liuyun", "serve", "--data", str(data), "--port", "0", *options]
    env = {
        **clean_environment(),
        "LIUYUN_CONSOLE_PASSWORD": PASSWORD,
        "LIUYUN_STANDARD_LAYER": "false",
        "LIUYUN_ACCESS_KEY_ID": KEY,
        "LIUYUN_ACCESS_KEY_SECRET": SECRET,
    }
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        try:
            wait_for_line(process, READY)
            yield (data / "endpoint").read_text().strip()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(90)


@contextmanager
def running_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def chromium(names: Sequence[str] = CHROMIUM) -> str:
    for name in names:
        if path := shutil.which(name):
            return path
    raise AssertionError("the tests of the pages need Chromium; on Debian and Ubuntu: apt install chromium")
