"""Texts of strangers are shown as they were written: none of them becomes a part of a page."""

import json
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.test_every_page import settle
from tests.browser.world import Visit

EVIL = """"><img src=x onerror="window.ran = true"><script>window.ran = true</script>"""
TAG = "<img src=x>"  # where there is room for no more
NAME, STOPPED = "hostile", "stopped"
PRINTS = f"def handler(*_):\n    print({EVIL!r})\n    raise ValueError({EVIL!r})\n"
FLOW = f"version: v1\ntype: flow\nsteps:\n  - {{type: wait, name: {NAME}, duration: 86400}}\n"
QUEUE = f"acs:mns:cn-hangzhou:1234567890123456:queues/{NAME}"
FILLING: dict[str, dict[str, Any]] = {
    "POST /api/users": {"name": NAME, "role": "viewer", "password": "of no use to anybody", "displayName": EVIL[:64]},
    f"PUT /api/config/schemas/{NAME}": {"document": {"title": EVIL, "description": EVIL}, "description": EVIL},
    f"PUT /api/config/entries/{NAME}/{NAME}": {"value": {EVIL: EVIL}, "reason": EVIL},
    "POST /api/config/drafts": {"schemaName": NAME, "key": "draft", "value": EVIL, "reason": EVIL},
    "POST /api/flows": {"name": NAME, "definition": FLOW, "description": EVIL},
    f"POST /api/flows/{NAME}/executions": {"name": NAME, "input": json.dumps({EVIL: EVIL})},
    f"POST /api/flows/{NAME}/executions ": {"name": STOPPED},
    f"POST /api/flows/{NAME}/executions/{STOPPED}/stop": {"cause": EVIL},
    "POST /api/functions": {
        "service": NAME, "name": NAME, "runtime": "python3", "handler": "index.handler", "description": EVIL,
        "environment": {"EVIL": EVIL}, "files": {"index.py": PRINTS},
    },
    f"POST /api/functions/{NAME}/{NAME}/invocations": {"payload": EVIL},
    "POST /api/queues": {"name": NAME},
    f"POST /api/queues/{NAME}/messages": {"body": EVIL},
    "POST /api/topics": {"name": NAME},
    f"POST /api/topics/{NAME}/subscriptions": {"name": NAME, "endpoint": QUEUE, "filterTag": TAG},
}  # fmt: skip
# Each page on which somebody else's text can be read. The overview has numbers and names, which can't be such texts.
PAGES = [
    "/configuration",
    "/people",
    f"/configuration/{NAME}",
    "/configuration/drafts",
    "/flows",
    f"/flows/{NAME}",
    f"/flows/{NAME}/executions/{NAME}?tab=data",
    f"/flows/{NAME}/executions/{STOPPED}?tab=events",
    "/functions",
    f"/functions/{NAME}/{NAME}",
    "/logs",
    f"/messages/queues/{NAME}",
    f"/messages/topics/{NAME}",
    "/audit",
]
# As a link within the pages leads, without loading everything again for each; what was there before goes by its title.
GO = """(path) => {
  const title = document.querySelector('#content h1')
  title.dataset.before = title.textContent
  history.pushState(null, '', path)
  dispatchEvent(new PopStateEvent('popstate'))
}"""
THERE = """() => {
  const title = document.querySelector('#content h1')
  return title && title.dataset.before !== title.textContent
}"""
RAN = "window.ran === true || !!document.querySelector('img[src=x]')"


def test_texts_stay_texts(visit: Visit) -> None:
    """Descriptions, values, messages, causes, logs that look like elements are read on each page and run nothing."""
    page = visit.sign_in("/people")
    fill(page, visit.endpoint)
    page.reload()
    settle(page)
    for path in PAGES:
        page.evaluate(GO, f"/console{path}")
        page.wait_for_function(THERE)
        settle(page)
        expect(page.get_by_text("<img src=x").locator("visible=true").first, path).to_be_visible()
        assert not page.evaluate(RAN), path


def fill(page: Page, endpoint: str) -> None:
    token = page.request.get(f"{endpoint}/api/session").json()["csrfToken"]
    for act, body in FILLING.items():
        method, path = act.split()
        answer = page.request.fetch(endpoint + path, method=method, data=body, headers={"x-csrf-token": token})
        assert answer.ok, answer.text()
