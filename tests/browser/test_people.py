"""Users in a browser, and what the audit log says of them."""

from contextlib import closing

import pytest
from playwright.sync_api import expect

from liuyun.cli.client.console import Console
from liuyun.cli.client.transport import ApiError, Connection, Transport
from tests.browser.world import USER, Visit


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
    page.get_by_role("searchbox", name="Search: Audit log").fill("looker")
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


def test_a_program_gets_a_key_and_loses_it(visit: Visit):
    """The secret is shown once, and opens the API until the key is switched off; then it is deleted."""
    page = visit.sign_in("/people")
    page.get_by_role("button", name="New access key").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What it is for").fill("nightly report")
    expect(dialog.get_by_text("liuyun keys create --user admin --description 'nightly report'")).to_be_visible()
    dialog.get_by_role("button", name="Create").click()
    key, secret = (dialog.get_by_text(label).locator("code").inner_text() for label in ("Access key ID:", "Secret:"))
    with closing(Transport(visit.endpoint)) as transport:
        program = Console(transport, Connection(visit.endpoint, "", key, secret))
        assert program.call("GET", "/api/session")["name"] == USER
        dialog.locator(".ant-modal-footer").get_by_role("button", name="Close").click()
        expect(page.get_by_text(secret)).to_have_count(0)
        row = page.get_by_role("row", name=key)
        row.get_by_role("switch").click()
        expect(row.get_by_role("switch")).not_to_be_checked()
        with pytest.raises(ApiError, match="disabled"):
            program.call("GET", "/api/flows")
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
