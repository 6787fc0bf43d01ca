"""The frame of the console in a browser."""

from tests.browser.world import Visit


def test_signing_in(visit: Visit):
    """Nothing shows before; afterwards the page that was asked for, in either language."""
    visit.sign_in("/audit")
    visit.page.get_by_role("heading", name="Audit log").wait_for()
    visit.page.get_by_text("SignIn").first.wait_for()
    visit.in_chinese().get_by_role("heading", name="审计日志").wait_for()
    assert visit.untranslated("SignIn", "PasswordSet") == []
