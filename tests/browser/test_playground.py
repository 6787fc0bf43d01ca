"""The playground's page in a browser."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import serious_problems
from tests.browser.test_every_page import PHONE, STILL, WIDER, settle
from tests.browser.world import LOCALES, Visit, running_platform

ENGINE = Path(__file__).parents[2] / "examples/playground/s.yaml"
NAMES = ("Python", "KB", "Exit", "Enter", "Ctrl")


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """With the engine on it, and open to everybody."""
    data = tmp_path_factory.mktemp("platform")
    config = data / "liuyun.toml"
    config.write_text('playground = "open"\n')
    with running_platform(data, "--config", str(config)) as endpoint:
        deploy = [sys.executable, "-m", "liuyun", "deploy", str(ENGINE), "--yes", "--data", str(data)]
        subprocess.run(deploy, check=True, capture_output=True, timeout=90)
        yield endpoint


def write(page: Page, program: str) -> None:
    """Once the editor knows its language: that comes later, and what is selected to be written over may not be then."""
    page.locator(".cm-content[data-language]").wait_for()
    page.get_by_role("textbox", name="Program").fill(program)


def test_a_program_is_written_run_and_made_a_function(visit: Visit):
    """What it prints stands beside it, and the function answers with the same."""
    page = visit.sign_in("/playground")
    write(page, "print('from the page', input())")
    page.get_by_role("textbox", name="Input").fill("with input")
    page.get_by_role("button", name="Run").click()
    page.get_by_text("from the page with input").wait_for()
    page.get_by_role("button", name="Make this a function").click()
    page.get_by_role("textbox", name="Name").fill("made-here")
    page.get_by_role("dialog").get_by_text('"made-here"').wait_for()  # in the command, which moves what is below it
    page.get_by_role("button", name="Create").click()
    address = page.get_by_role("link", name="playground-made/made-here").inner_text()
    assert page.request.post(address, data="by request").text() == "from the page by request\n"
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    page.get_by_text("The function is there.").first.wait_for(state="hidden")
    assert visit.in_chinese().get_by_role("heading", name="在线运行").is_visible()
    assert visit.untranslated(*NAMES) == []


def test_output_comes_while_it_runs_until_it_is_stopped(visit: Visit):
    """What it printed stays, and who stopped it is said."""
    page = visit.sign_in("/playground")
    write(page, "print('so far', flush=True)\nwhile True: pass")
    page.get_by_role("button", name="Run").click()
    page.get_by_text("so far", exact=True).wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("You stopped it after").wait_for()
    assert page.locator("pre", has_text="so far").is_visible()


ENDS = {
    "import os\nos.kill(os.getpid(), 11)": "程序崩溃：被信号 11 (SIGSEGV) 终止。",
    "import sys\nfor s in sys.stdout, sys.stderr: s.write('x\\n' * 5_000_000)": "仅显示每个输出流的前 64 KB。",
}


def test_how_it_ended_is_said_in_the_readers_language(visit: Visit):
    """By its reason, not by the platform's note."""
    visit.sign_in("/playground")
    page = visit.in_chinese()
    for code, says in ENDS.items():
        page.get_by_role("textbox", name="程序").fill(code)
        page.get_by_role("button", name="运行").click()
        page.get_by_text(says).wait_for()
        assert visit.untranslated(*NAMES, "SIGSEGV") == []


def test_a_problem_is_marked_where_it_is(visit: Visit):
    """Until the program is changed there."""
    page = visit.sign_in("/playground")
    write(page, "print('fine')\n1 / 0\n")
    page.get_by_role("button", name="Run").click()
    page.locator(".cm-lintRange-error", has_text="1").wait_for()
    assert page.locator(".cm-lint-marker-error").count() == 1
    write(page, "print('fine')")
    page.locator(".cm-lint-marker-error").wait_for(state="detached")


def test_everybody_can_use_the_open_page(visit: Visit):
    """Light and dark, in both languages, on a phone."""
    page = visit.page
    page.goto(f"{visit.endpoint}/playground")
    page.add_style_tag(content=STILL)
    settle(page)
    assert serious_problems(page) == []
    visit.in_chinese()
    page.get_by_role("switch", name="深色").click()
    assert visit.untranslated(*NAMES) == []
    assert serious_problems(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate(WIDER) <= 0


def test_a_shared_program_opens_without_signing_in(visit: Visit, browser: Browser):
    """The address holds it whole; nobody signs in to a playground that is open."""
    visit.page.goto(f"{visit.endpoint}/playground")
    write(visit.page, "print('shared', 6 * 7)")
    visit.page.get_by_role("button", name="Share").click()
    visit.page.wait_for_url("**/playground#*")
    other = Visit(browser.new_context(locale=LOCALES["zh"]).new_page(), visit.endpoint)
    other.page.goto(visit.page.url)
    other.page.get_by_role("button", name="运行").click()
    other.page.get_by_text("shared 42").wait_for()
    assert other.untranslated(*NAMES) == []
    assert other.problems == []
    other.page.context.close()
