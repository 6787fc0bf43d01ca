"""Users in a browser, and what the audit log says of them."""

from playwright.sync_api import expect

from tests.browser.world import Visit


def test_a_user_comes_and_may_only_look(visit: Visit):
    """An administrator makes a user and shuts it out again; each change stands in the audit log."""
    page = visit.sign_in("/people")
    page.get_by_role("button", name="New user").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("User name").fill("looker")
    dialog.get_by_label("Password").fill("looks and changes nothing")
    dialog.get_by_role("button", name="Create").click()
    dialog.wait_for(state="hidden")
    allowed = page.get_by_role("switch", name="May sign in looker")
    expect(allowed).to_be_checked()
    allowed.click()
    expect(allowed).not_to_be_checked()
    page.get_by_role("menuitem", name="Audit log").click()
    page.get_by_role("searchbox", name="Search").fill("looker")
    for action in ("CreateUser", "ChangeUser"):
        page.get_by_role("row", name=action).first.wait_for()


def test_a_user_chooses_another_password(visit: Visit):
    """By the old one; then everybody with this name signs in anew."""
    page = visit.sign_in("/people")
    token = page.request.get(f"{visit.endpoint}/api/session").json()["csrfToken"]
    old, new = "as it was given", "as it was chosen"
    user = {"name": "chooser", "role": "viewer", "password": old}
    made = page.request.post(f"{visit.endpoint}/api/users", data=user, headers={"x-csrf-token": token})
    assert made.ok, made.text()
    page.get_by_role("button", name="Sign out").click()
    visit.enter(old, "chooser")
    page.get_by_role("button", name="Change password").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Old password").fill(old)
    dialog.get_by_label("New password").fill(new)
    dialog.get_by_role("button", name="Save").click()
    visit.enter(new, "chooser")
    expect(page.get_by_text("chooser (Viewer)")).to_be_visible()
