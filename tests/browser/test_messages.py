"""The pages of queues and topics in a browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.world import Visit

PURGE = re.compile("清 ?空")  # buttons spread two characters


def create(page: Page, button: str, name: str) -> None:
    page.get_by_role("button", name=button).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Create").click()
    page.get_by_role("heading", name=name).wait_for()


def send(page: Page, button: str, body: str) -> None:
    page.get_by_role("button", name=button).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Body").fill(body)
    dialog.get_by_role("button", name=button).click()
    dialog.wait_for(state="hidden")


def test_a_message_from_its_sender_to_its_end(visit: Visit):
    """Sent, seen, received, deleted; the rest is purged; in the other language nothing is left in this one."""
    page = visit.sign_in("/messages")
    create(page, "New queue", "orders")
    for body in ("order one", "order two"):
        send(page, "Send a message", body)
    page.get_by_text("order two").wait_for()

    page.get_by_role("button", name="Receive").click()
    received = page.get_by_role("region", name="Received here")
    expect(received.get_by_role("row")).to_have_count(3)
    received.get_by_role("button", name="Delete").first.click()
    expect(received).not_to_contain_text("order one")

    visit.in_chinese()
    received = page.get_by_role("region", name="在此接收的消息")
    received.wait_for()
    assert visit.untranslated("orders") == []
    page.get_by_role("button", name=PURGE).click()
    page.get_by_role("dialog").get_by_role("button", name=PURGE).click()
    page.get_by_text("没有可接收的消息。").wait_for()
    page.get_by_role("tab", name="属性").click()
    page.get_by_label("接收后隐藏").wait_for()
    assert visit.untranslated("orders") == []


def test_an_open_page_is_current_by_itself(visit: Visit):
    """What a program does by the API appears without a reload; where the session ends, the page for signing in does."""
    page = visit.sign_in("/messages")
    page.get_by_role("button", name="New queue").first.wait_for()
    headers = {"X-CSRF-Token": page.request.get(f"{visit.endpoint}/api/session").json()["csrfToken"]}
    page.request.post(f"{visit.endpoint}/api/queues", data={"name": "by-a-program"}, headers=headers)
    page.get_by_role("link", name="by-a-program").wait_for()
    page.request.delete(f"{visit.endpoint}/api/queues/by-a-program", headers=headers)
    page.get_by_role("link", name="by-a-program").wait_for(state="detached")
    page.request.delete(f"{visit.endpoint}/api/session", headers=headers)
    page.locator("input[autocomplete=username]").wait_for()


def test_a_topic_tells_a_queue(visit: Visit):
    """A subscription is made by its form, and what is published arrives in the queue without a reload."""
    page = visit.sign_in("/messages")
    create(page, "New queue", "inbox")
    visit.open("/messages?tab=topics")
    create(page, "New topic", "news")
    page.get_by_role("button", name="Change").click()
    page.get_by_role("dialog").get_by_label("Largest message").fill("2048")
    expect(page.get_by_role("dialog")).to_contain_text("TopicMeta(maximum_message_size=2048)")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    page.get_by_text("2048").first.wait_for()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="New subscription").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("to-inbox")
    dialog.get_by_label("Queue of this account").click()
    page.locator(".ant-select-item-option", has_text="inbox").click()
    dialog.get_by_role("button", name="Create").click()
    page.get_by_role("cell", name="to-inbox").wait_for()
    send(page, "Publish a message", "something happened")

    page.get_by_role("button", name="Waiting deliveries").click()
    page.get_by_text("Nothing waits: everything that was published has been delivered.").wait_for()
    page.keyboard.press("Escape")
    visit.in_chinese()
    page.get_by_role("button", name="新建订阅").wait_for()
    assert visit.untranslated("news", "to-inbox", "inbox") == []

    page.get_by_role("menuitem", name="消息").click()
    page.get_by_role("link", name="inbox").click()
    page.get_by_text("something happened").wait_for()


def test_a_delivery_that_fails_is_tried_again_and_given_up(visit: Visit):
    """Why it failed is said; a try by hand counts; what is given up is gone. No text is left in the other language."""
    page = visit.sign_in("/messages")
    headers = {"X-CSRF-Token": page.request.get(f"{visit.endpoint}/api/session").json()["csrfToken"]}
    for path, body in (
        ("topics", {"name": "lost"}),
        ("topics/lost/subscriptions", {"name": "nowhere", "endpoint": "http://127.0.0.1:9/"}),
        ("topics/lost/messages", {"body": "nobody gets this"}),
    ):
        assert page.request.post(f"{visit.endpoint}/api/{path}", data=body, headers=headers).ok
    visit.open("/messages/topics/lost")
    page.get_by_role("button", name="Waiting deliveries").click()
    row = page.get_by_role("dialog").get_by_role("row", name="nobody gets this")
    expect(row).to_contain_text("http://127.0.0.1:9/ can't be reached")
    page.get_by_role("button", name="Try all now").click()
    expect(row.get_by_role("cell", name="2", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    visit.in_chinese()
    page.get_by_role("button", name="等待中的投递").click()
    row.wait_for()
    assert visit.untranslated("lost", "nowhere") == []
    page.get_by_role("button", name="全部放弃").click()
    page.get_by_role("dialog", name="全部放弃").get_by_role("button", name="全部放弃").click()
    page.get_by_text("没有等待的投递").wait_for()
