"""The frame of the console in a browser."""

from playwright.sync_api import Page, expect

from tests.browser.axe import serious_problems
from tests.browser.world import Visit

# What shows that an element has the focus: an outline, or a shadow around it or around what holds it.
MARKED = """() => {
  for (let one = document.activeElement, up = 0; one && up < 4; one = one.parentElement, up++) {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one)
    if ((outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none') return true
  }
  return false
}"""
FOCUSED = "document.activeElement.outerHTML.slice(0, 200)"


def test_signing_in(visit: Visit):
    """Nothing shows before; afterwards the page that was asked for, in either language."""
    visit.sign_in("/audit")
    visit.page.get_by_role("heading", name="Audit log").wait_for()
    visit.page.get_by_text("SignIn").first.wait_for()
    visit.in_chinese().get_by_role("heading", name="审计日志").wait_for()
    assert visit.untranslated("SignIn", "PasswordSet") == []


def test_the_page_that_asks_who_one_is(visit: Visit):
    """It can be used by everybody, in both languages, and says what to do when the password is wrong."""
    page = visit.open()
    page.locator("input[autocomplete=username]").wait_for()
    assert serious_problems(page) == []
    page.get_by_role("button", name="中文").click()
    page.get_by_role("heading", name="登录").wait_for()
    assert visit.untranslated("admin", "keys", "show") == []


def test_by_keyboard_alone(visit: Visit):
    """The first key leads past the menu; wherever the focus is, it shows; a dialog takes it and gives it back."""
    page = visit.sign_in("/configuration")
    page.locator("body").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.reload()
    page.get_by_role("button", name="New schema").first.wait_for()
    for name in ("Flows", "Language", "Dark appearance", "Sign out", "New schema"):
        tab_to(page, name)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    page.keyboard.press("Tab")
    assert dialog.evaluate("dialog => dialog.contains(document.activeElement)")
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    expect(page.get_by_role("button", name="New schema").first).to_be_focused()


def tab_to(page: Page, name: str) -> None:
    """Through visible marks all the way."""
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(MARKED), page.evaluate(FOCUSED)
        text = page.evaluate("(document.activeElement.ariaLabel || '') + document.activeElement.textContent")
        if name in text:
            return
    raise AssertionError(f"Tab does not lead to {name}")
