"""Texts of strangers are shown as they were written: none of them becomes a part of a page."""

import json
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.test_every_page import settle
from tests.browser.world import Visit

EVIL = """"><img src=x onerror="window.ran = true"><script>window.ran = true</script>"""
NAME = "hostile"
PRINTS = f"def handler(*_):\n    print({EVIL!r})\n    raise ValueError({EVIL!r})\n"
FLOW = f"version: v1\ntype: flow\nsteps:\n  - {{type: wait, name: {NAME}, duration: 86400}}\n"
FILLING: dict[str, dict[str, Any]] = {
    "POST /api/users": {"name": NAME, "role": "viewer", "password": "of no use to anybody", "displayName": EVIL[:64]},
    f"PUT /api/config/schemas/{NAME}": {"document": {"title": EVIL, "description": EVIL}, "description": EVIL},
    f"PUT /api/config/entries/{NAME}/{NAME}": {"value": {EVIL: EVIL}, "reason": EVIL},
    "POST /api/config/drafts": {"schemaName": NAME, "key": "draft", "value": EVIL, "reason": EVIL},
    "POST /api/flows": {"name": NAME, "definition": FLOW, "description": EVIL},
    f"POST /api/flows/{NAME}/executions": {"name": NAME, "input": json.dumps({EVIL: EVIL})},
    "POST /api/functions": {
        "service": NAME, "name": NAME, "runtime": "python3", "handler": "index.handler", "description": EVIL,
        "environment": {"EVIL": EVIL}, "files": {"index.py": PRINTS},
    },
    f"POST /api/functions/{NAME}/{NAME}/invocations": {"payload": EVIL},
    "POST /api/queues": {"name": NAME},
    f"POST /api/queues/{NAME}/messages": {"body": EVIL},
    "POST /api/topics": {"name": NAME},
}  # fmt: skip
# Each page, and whether such a text is seen on it without another step.
PAGES = {
    "/people": True,
    "/configuration": True,
    f"/configuration/{NAME}": True,
    "/configuration/drafts": True,
    "/flows": True,
    f"/flows/{NAME}": False,
    f"/flows/{NAME}/executions/{NAME}": False,
    "/functions": False,
    f"/functions/{NAME}/{NAME}": False,
    "/logs": True,
    f"/messages/queues/{NAME}": True,
    f"/messages/topics/{NAME}": False,
    "/audit": False,
    "/": False,
}


def test_texts_stay_texts(visit: Visit) -> None:
    """Names, descriptions, values, messages and logs that look like elements run nothing, and are read."""
    page = visit.sign_in("/people")
    fill(page, visit.endpoint)
    for path, seen in PAGES.items():
        visit.open(path)
        settle(page)
        if seen:
            expect(page.get_by_text("<img src=x").first, path).to_be_visible()
        assert page.evaluate("window.ran === undefined && !document.querySelector('img[src=x]')"), path


def fill(page: Page, endpoint: str) -> None:
    token = page.request.get(f"{endpoint}/api/session").json()["csrfToken"]
    for act, body in FILLING.items():
        method, path = act.split()
        answer = page.request.fetch(endpoint + path, method=method, data=body, headers={"x-csrf-token": token})
        assert answer.ok, answer.text()
