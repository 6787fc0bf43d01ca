"""Flows in a browser: one is written, mended, started, seen waiting, and seen to end."""

import json

from aliyunsdkcore.client import AcsClient
from aliyunsdkfnf.request.v20190315.ReportTaskSucceededRequest import ReportTaskSucceededRequest
from mns.account import Account
from mns.queue import QueueMeta
from playwright.sync_api import Page

from tests.browser.axe import serious_problems
from tests.browser.world import KEY, SECRET, Visit
from tests.e2e.application import REGION

FLOW = """version: v1
type: flow
steps:
  - type: task
    name: ask
    resourceArn: acs:mns:::/queues/questions/messages
    pattern: waitForCallback
    inputMappings:
      - target: token
        source: $context.task.token
    serviceParams:
      MessageBody: $
    outputMappings:
      - target: answer
        source: $local.answer
  - type: succeed
    name: answered
"""
WRONG = FLOW.replace("type: succeed", "type: suceed")


def write(page: Page, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(text)


def report(endpoint: str, token: str) -> None:
    """As the outside world does, through the vendor's SDK."""
    client = AcsClient(KEY, SECRET, REGION)
    client.add_endpoint(REGION, "fnf", endpoint.removeprefix("http://"))
    request = ReportTaskSucceededRequest()
    request.set_TaskToken(token)
    request.set_Output(json.dumps({"answer": 42}))
    client.do_action_with_exception(request)


def test_a_flow_from_its_first_line_to_the_end_of_an_execution(visit: Visit):
    """A problem is marked as one types; the graph follows; a wait says why; the end shows without a reload."""
    messages = Account(visit.endpoint, KEY, SECRET)
    questions = messages.get_queue("questions")
    questions.set_encoding(False)
    questions.create(QueueMeta())
    page = visit.sign_in("/flows")
    page.get_by_role("button", name="New flow").first.click()
    page.get_by_label("Name").fill("survey")
    page.get_by_role("button", name="Create", exact=True).click()
    page.locator(".react-flow__node", has_text="greet").wait_for()

    write(page, WRONG)
    page.get_by_text("Did you mean succeed?").wait_for()
    page.locator(".cm-lintRange-error", has_text="suceed").wait_for()
    page.locator("[data-state=wrong]", has_text="answered").wait_for()
    assert page.get_by_role("button", name="Save").is_disabled()
    write(page, FLOW)
    page.get_by_text("No problems.").wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()

    page.get_by_role("button", name="Start").click()
    page.get_by_label("Name of the execution").fill("first")
    page.locator(".ant-modal").get_by_role("button", name="Start", exact=True).click()
    page.get_by_text("waits for somebody to report the task").wait_for()
    page.locator("[data-state=waiting]", has_text="ask").wait_for()
    assert serious_problems(page) == []
    for passing in ("Saved.", "Started."):
        page.get_by_text(passing, exact=True).wait_for(state="hidden")
    visit.in_chinese().get_by_text("在等待任务回报").wait_for()
    assert visit.untranslated("survey", "first") == []

    asked = json.loads(questions.receive_message(10).message_body)
    messages.get_client().close_connection()
    report(visit.endpoint, asked["token"])
    page.locator("[data-state=succeeded]", has_text="answered").wait_for()
    page.get_by_text("成功").first.wait_for()
    page.locator(".react-flow__node", has_text="ask").click()
    page.locator(".flow-data", has_text="42").first.wait_for()


def test_the_lists_of_flows_are_translated(visit: Visit):
    """Flows, a definition, executions: in Chinese no text is left in English."""
    page = visit.sign_in("/flows")
    page.get_by_role("button", name="New flow").first.click()
    page.get_by_label("Name").fill("listed")
    page.get_by_role("button", name="Create", exact=True).click()
    page.locator(".cm-content").wait_for()
    page.get_by_text("The flow is there.").wait_for(state="hidden")
    visit.in_chinese().get_by_text("没有问题。").wait_for()
    assert visit.untranslated("listed") == []
    page.get_by_role("tab", name="执行").click()
    page.get_by_text("此流程还没有启动过。").wait_for()
    assert visit.untranslated("listed") == []
    visit.open("/flows").get_by_role("link", name="listed").wait_for()
    assert visit.untranslated("listed", "survey") == []
