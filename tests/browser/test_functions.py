"""The pages of functions in a browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.world import Visit

GREETING = 'def handler(event, context):\n    print("greeting somebody")\n    return "good morning"\n'


def create(page: Page, name: str, template: str) -> None:
    page.get_by_role("button", name="New function").first.click()
    page.get_by_text(template, exact=True).click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    page.get_by_role("heading", name=name).wait_for()


def write(page: Page, text: str) -> None:
    editor = page.locator(".cm-content").first
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def choose(page: Page, field: str, value: str) -> None:
    page.get_by_role("combobox", name=field).click()
    page.locator(".ant-select-dropdown:visible").get_by_text(value, exact=True).click()


def deploy_and_run(page: Page, name: str, code: str, answer: str) -> None:
    """From the list of functions; `answer` is part of what it answers."""
    create(page, name, "Python, event")
    write(page, code)
    page.get_by_role("button", name="Save and deploy").click()
    page.get_by_text("Deployed: the next call runs this code.").wait_for()
    page.get_by_role("tab", name="Test").click()
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("region", name="Answer")).to_contain_text(answer)


def test_a_function_from_its_template_to_its_log(visit: Visit):
    """Created, edited, deployed, tried; its answer and its log are shown; all of it in the other language as well."""
    page = visit.sign_in("/functions")
    deploy_and_run(page, "greet", GREETING, "good morning")
    expect(page.get_by_role("region", name="Log")).to_contain_text("greeting somebody")
    page.get_by_text("Cold start").wait_for()

    page.get_by_role("tab", name="Invocations").click()
    page.get_by_role("button", name="Expand row").first.click()
    expect(page.locator("pre[aria-label=Log]")).to_contain_text("greeting somebody")
    trace = page.get_by_role("list", name="Trace")
    expect(trace.get_by_role("listitem")).to_have_text(
        [re.compile("^Call by console: greet"), re.compile("^Cold start"), re.compile("^Handler")]
    )
    choose(page, "Outcome", "Failed")
    page.get_by_text("Nothing matches the search.").wait_for()
    choose(page, "Outcome", "Any")
    choose(page, "Start", "Cold start")
    page.get_by_role("button", name="Expand row").or_(page.get_by_role("button", name="Collapse row")).first.wait_for()

    page.reload()
    page.get_by_role("tab", name="Metrics").click()
    page.get_by_role("img", name=re.compile("^Calls per minute: .* 1 in the last hour")).wait_for()
    page.get_by_role("img", name="half of the calls took up to").wait_for()

    visit.in_chinese()
    for tab in ("代码", "测试", "配置", "调用记录", "指标"):
        page.get_by_role("tab", name=tab).click()
        assert visit.untranslated("greet") == []
    page.get_by_role("menuitem", name="函数").click()
    page.get_by_role("heading", name="函数").wait_for()
    page.get_by_role("link", name="greet").wait_for()
    assert visit.untranslated() == []


def test_a_trigger_and_a_release(visit: Visit):
    """A timer is made by its form; a version is published, and an alias given to it; in both languages."""
    page = visit.sign_in("/functions")
    create(page, "released", "Python, event")

    page.get_by_role("tab", name="Triggers").click()
    page.get_by_role("button", name="New trigger").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Timer", exact=True).click()
    dialog.get_by_label("Name").fill("nightly")
    dialog.get_by_role("button", name="Create").click()
    page.get_by_role("cell", name="nightly").first.wait_for()

    page.get_by_role("tab", name="Versions and aliases").click()
    page.get_by_role("button", name="Publish a version").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish a version").click()
    page.get_by_role("button", name="New alias").click()
    page.get_by_role("dialog").get_by_label("Name").fill("prod")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    page.get_by_role("cell", name="prod").first.wait_for()

    visit.in_chinese()
    assert visit.untranslated("released", "prod") == []
    page.get_by_role("tab", name="触发器").click()
    page.get_by_role("cell", name="nightly").first.wait_for()
    assert visit.untranslated("released", "nightly") == []
