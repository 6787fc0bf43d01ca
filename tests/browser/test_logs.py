"""The page of logs in a browser."""

from playwright.sync_api import expect

from tests.browser.test_functions import GREETING, deploy_and_run
from tests.browser.world import Visit


def test_a_line_is_found_again(visit: Visit):
    """Printed by a function, found by its text, and gone from the list when something else is looked for."""
    page = visit.sign_in("/functions")
    deploy_and_run(page, "talker", GREETING, "good morning")
    page.get_by_role("menuitem", name="Logs").click()
    page.get_by_text("greeting somebody").first.wait_for()
    search = page.get_by_role("searchbox").first
    search.fill("greeting some")
    search.press("Enter")
    expect(page.get_by_text("FC Invoke Start")).to_have_count(0)
    page.get_by_text("greeting somebody").first.wait_for()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download").click()
    assert "greeting somebody" in saved.value.path().read_text()
    page.get_by_role("group", name="lines from").get_by_role("button").last.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="The whole period").click()
    search.fill("said by nobody")
    search.press("Enter")
    page.get_by_text("No line fits.").wait_for()
    visit.in_chinese()
    page.get_by_role("heading", name="日志").wait_for()
    assert visit.untranslated("talker", "greet", "released", "troubled") == []
