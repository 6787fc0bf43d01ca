"""Configuration in a browser: a schema, an entry in the form made from it, its history, and the way back."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.world import Visit

DOCUMENT = '{"type": "object", "required": ["label"], "properties": {"label": {"type": "string", "title": "Label"}}}'


def test_an_entry_from_its_schema_to_the_way_back(visit: Visit):
    """What the form refuses is not stored; each revision is kept; going back makes the older one count again."""
    page = visit.sign_in("/configuration")
    page.get_by_role("button", name="New schema").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("greeting")
    dialog.get_by_label("JSON Schema").fill(DOCUMENT)
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="greeting", exact=True).click()

    page.get_by_role("button", name="New entry").first.click()
    dialog.get_by_label("Key").fill("morning")
    write(dialog, "Good morning")
    saved(page, "Good morning")
    page.get_by_role("button", name="Edit").click()
    write(dialog, "Hello")
    saved(page, "Hello")

    page.get_by_role("button", name="History").click()
    page.get_by_role("button", name="Go back to this").last.click()
    page.get_by_role("tooltip").get_by_role("button", name="OK").click()
    page.get_by_role("button", name="Close").click()
    saved(page, "Good morning")


def write(dialog: Locator, label: str) -> None:
    dialog.get_by_label("Label").fill(label)
    dialog.get_by_role("button", name="Save").click()
    dialog.wait_for(state="hidden")


def saved(page: Page, label: str) -> None:
    expect(page.get_by_role("row", name="morning")).to_contain_text(label)
