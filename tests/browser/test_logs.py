"""The page of logs in a browser."""

from playwright.sync_api import expect

from tests.browser.test_functions import GREETING, create, write
from tests.browser.world import Visit


def test_a_line_is_found_again(visit: Visit):
    """Printed by a function, found by its text, and gone from the list when something else is looked for."""
    page = visit.sign_in("/functions")
    create(page, "talker", "Python, event")
    write(page, GREETING)
    page.get_by_role("button", name="Save and deploy").click()
    page.get_by_text("Deployed: the next call runs this code.").wait_for()
    page.get_by_role("tab", name="Test").click()
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("region", name="Answer")).to_contain_text("good morning")

    page.get_by_role("menuitem", name="Logs").click()
    page.get_by_text("greeting somebody").first.wait_for()
    search = page.get_by_role("searchbox").first
    search.fill("greeting some")
    search.press("Enter")
    expect(page.get_by_text("FC Invoke Start")).to_have_count(0)
    page.get_by_text("greeting somebody").first.wait_for()
    search.fill("said by nobody")
    search.press("Enter")
    page.get_by_text("No line fits.").wait_for()
    visit.in_chinese()
    page.get_by_role("heading", name="日志").wait_for()
    assert visit.untranslated("talker", "greet", "released", "troubled") == []
