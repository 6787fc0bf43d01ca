"""What the platform says, on a Chinese page: problems, errors, reasons and causes, which the server makes."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.world import PASSWORD, TEXTS, Visit

WRONG_FLOW = """version: v3
type: flow
steps:
  - type: taks
    name: pay
  - type: choice
    name: pay
    choices: [{condition: '$.a = 1'}]
  - {type: wait, name: rest, ende: true}
  - 5
"""
NO_YAML = "version: v1\nsteps: ["
BROKEN = """version: v1
type: flow
steps:
  - type: task
    name: call
    resourceArn: acs:fc:::services/no/functions/no
"""
LATE = """version: v1
type: flow
timeoutSeconds: 1
steps:
  - {type: wait, name: late, duration: 60}
"""
SLOW = BROKEN.replace("no/functions/no", "said/functions/slow")
FILES = {"index.py": "import time\ndef handler(*_): time.sleep(60)\n"}
FUNCTION = {"service": "said", "name": "slow", "runtime": "python3", "handler": "index.handler", "timeoutS": 1}
RETRIED = BROKEN + "    retry: [{errors: [FnF.ALL], intervalSeconds: 3600}]\n"
METHOD = {
    "type": "object",
    "required": ["label"],
    "additionalProperties": False,
    "properties": {
        "label": {"type": "string", "minLength": 2, "title": "Label", "x-languages": {"zh": {"title": "名称"}}},
        "fee": {"type": "integer", "maximum": 100, "title": "Fee", "x-languages": {"zh": {"title": "手续费"}}},
    },
}
ENGLISH = re.compile(r"(?:[A-Za-z][a-z']*[ ;:]+){3,}[A-Za-z]")  # four words in a row
Send = Callable[..., dict[str, Any]]


@pytest.fixture
def reader(visit: Visit) -> Visit:
    """Signed in, and in Chinese."""
    visit.sign_in("/audit")
    visit.in_chinese()
    return visit


@pytest.fixture
def send(reader: Visit) -> Send:
    token = reader.page.request.get(f"{reader.endpoint}/api/session").json()["csrfToken"]

    def send(method: str, path: str, body: object) -> dict[str, Any]:
        headers = {"x-csrf-token": token}
        answer = reader.page.request.fetch(f"{reader.endpoint}/api{path}", method=method, data=body, headers=headers)
        assert answer.ok, answer.text()
        return answer.json()

    return send


@contextmanager
def refused(visit: Visit, *statuses: int) -> Iterator[None]:
    """The browser complains of these answers, which are meant, and of nothing else."""
    yield
    known = [f"{status} " for status in statuses] + [f"status of {status}" for status in statuses]
    unknown = [problem for problem in visit.problems if not any(each in problem for each in known)]
    visit.problems[:] = unknown


def only_chinese(visit: Visit, *names: str) -> None:
    """Neither a text without Chinese nor a few words of English within one; commands and what was typed are data."""
    assert visit.untranslated(*names) == []
    assert [text for text in visit.page.evaluate(TEXTS) if ENGLISH.search(text)] == []


def write(page: Page, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(text)


def test_problems_of_a_flow(reader: Visit, send: Send) -> None:
    """Each is told in Chinese, below the editor and at its mark; only the YAML reader has its own words."""
    send("POST", "/flows", {"name": "said", "definition": LATE})
    page = reader.open("/flows/said")
    problems = page.get_by_role("list", name="问题")
    page.locator(".cm-content").wait_for()
    write(page, WRONG_FLOW)
    expect(problems).to_contain_text("version 必须是 v1 或 v1beta1，而不是")
    expect(problems).to_contain_text("您是不是想写 task？")
    expect(problems).to_contain_text("名称 pay 已被第 5 行的步骤使用")
    expect(problems).to_contain_text("比较用 ==")
    expect(problems).to_contain_text("wait 步骤没有 ende 这个键")
    only_chinese(reader, "said", "yaml", "fdl")
    page.locator(".cm-lintRange-error").first.hover()
    expect(page.locator(".cm-tooltip-lint")).to_contain_text("而不是")
    write(page, NO_YAML)
    expect(problems).to_contain_text("流程定义不是有效的 YAML：")


def test_a_value_that_breaks_its_schema(reader: Visit, send: Send) -> None:
    """The form says so while one types, the platform when it is saved; both in Chinese, as are the titles."""
    send("PUT", "/config/schemas/said", {"document": METHOD})
    page = reader.open("/configuration/said")
    page.get_by_role("button", name="新建配置项").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("键", exact=True).fill("first")
    dialog.get_by_label("名称").fill("x")
    dialog.get_by_label("手续费").fill("200")
    page.keyboard.press("Tab")
    expect(dialog).to_contain_text('"x" 少于 2 个字符')
    expect(dialog).to_contain_text("200 大于最大值 100")
    only_chinese(reader, "said", "first", "liuyun", "config", "set", "fee", "label", "account")
    with refused(reader, 422):
        dialog.locator("button.ant-btn-primary").click()
        expect(page.get_by_role("alert").last).to_contain_text("account 的 said/first，/fee：200 大于最大值 100")
    only_chinese(reader, "said", "first", "liuyun", "config", "set", "fee", "label", "account")


def test_what_the_machine_can_isolate(reader: Visit) -> None:
    """What `liuyun doctor` says of it."""
    expect(reader.open("/settings").locator("pre").first).to_contain_text("独立的用户（user 命名空间）")


def test_signing_in_in_vain(visit: Visit) -> None:
    """A wrong password, and too many of them, are told in Chinese."""
    page = visit.open()
    page.get_by_role("button", name="中文").click()
    page.get_by_label("用户名").fill("nobody")
    with refused(visit, 401, 429):
        page.get_by_label("密码").fill("wrong")
        page.locator("button[type=submit]").click()
        page.get_by_text("用户名或密码不正确").wait_for()
        only_chinese(visit, "keys", "show", "admin")
        for _ in range(15):  # each doubles the wait, so that one comes too soon, however slow the machine
            with page.expect_response("**/api/session") as answered:
                page.locator("button[type=submit]").click()
            if answered.value.status == 429:
                break
        expect(page.get_by_role("alert")).to_contain_text("失败次数过多；请在")
    page.get_by_label("用户名").fill("admin")
    page.get_by_label("密码").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.locator("#content h1").wait_for()  # which forgets the failures of this address


def test_a_conflict(reader: Visit, send: Send) -> None:
    """What is there already can't be made again."""
    send("POST", "/flows", {"name": "twice", "definition": LATE})
    page = reader.open("/flows")
    page.get_by_role("button", name="新建流程").first.click()
    page.get_by_label("名称").fill("twice")
    with refused(reader, 409):
        page.locator(".ant-modal button.ant-btn-primary").click()
        expect(page.get_by_role("alert").last).to_contain_text("流程 twice 已存在。")
    only_chinese(reader, "twice", "said", "survey", "listed", "yaml", "first")


def test_a_delivery_in_vain(reader: Visit, send: Send) -> None:
    """Why it was in vain is told in Chinese, around what the operating system said."""
    send("POST", "/topics", {"name": "vain"})
    send("POST", "/topics/vain/subscriptions", {"name": "gone", "endpoint": "acs:mns:::queues/nowhere"})
    send("POST", "/topics/vain/messages", {"body": "42"})
    page = reader.open("/messages/topics/vain")
    page.get_by_role("button", name="等待中的投递").click()
    expect(page.get_by_role("dialog").get_by_role("row", name="42")).to_contain_text("队列 nowhere 不存在。")
    only_chinese(reader, "vain", "gone")


@pytest.mark.parametrize(
    ("name", "definition", "told"),
    [
        ("broken", BROKEN, "服务“no”不存在"),
        ("overdue", LATE, "执行没有在流程的 timeoutSeconds（1 秒）内结束。"),
        ("slow", SLOW, "函数在 1 秒后超时"),
        ("retried", RETRIED, "服务“no”不存在"),
    ],
)
def test_an_execution(reader: Visit, send: Send, name: str, definition: str, told: str) -> None:
    """Why it has failed, or what it waits for, is told in Chinese."""
    if definition == SLOW:
        send("POST", "/functions", {**FUNCTION, "files": FILES})
    send("POST", "/flows", {"name": name, "definition": definition})
    send("POST", f"/flows/{name}/executions", {"name": "once"})
    page = reader.open(f"/flows/{name}/executions/once")
    expect(page.get_by_role("alert").first).to_contain_text(told)
    only_chinese(reader, name, "once", "call", "late")
