"""The first page in a browser."""

from playwright.sync_api import expect

from tests.browser.test_functions import deploy_and_run
from tests.browser.world import Visit

FAILING = "def handler(event, context):\n    raise ValueError('always')\n"


def test_a_failing_function_is_seen_at_a_glance(visit: Visit):
    """Its calls stand in the chart, and it is named where attention is wanted, without a reload."""
    page = visit.sign_in("/functions")
    deploy_and_run(page, "troubled", FAILING, "always")
    page.get_by_role("menuitem", name="Overview").click()
    page.get_by_role("heading", name="Overview").wait_for()
    page.get_by_role("link", name="troubled").wait_for()
    expect(page.get_by_role("img", name="Calls per minute")).to_be_visible()
    visit.in_chinese()
    page.get_by_role("heading", name="概览").wait_for()
    assert visit.untranslated("troubled", "greet", "released") == []
