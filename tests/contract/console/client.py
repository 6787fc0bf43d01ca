"""Who speaks to the console's API over HTTP, and things that are there to be asked about."""

from typing import Any

import requests

NAME, PASSWORD = "sample", "correct horse battery"
FLOW = "version: v1\ntype: flow\nsteps:\n  - {type: wait, name: sample, duration: 86400}\n"
FUNCTION = {"runtime": "python3", "handler": "index.handler", "files": {"index.py": "def handler(*_): return 'sample'"}}
NOBODY = "acs:fc:cn-hangzhou:1234567890123456:services/sample/functions/nobody"  # so that deliveries to it wait
WEB = {"authType": "anonymous", "methods": ["GET"]}
FILLING: dict[str, dict[str, Any]] = {
    "PUT /api/config/schemas/sample": {"document": {}},
    "PUT /api/config/entries/sample/sample": {"value": {"sample": True}},
    "POST /api/config/drafts": {"schemaName": NAME, "key": NAME, "value": {"sample": False}, "revision": 1},
    "POST /api/functions": {"service": NAME, "name": NAME, **FUNCTION},
    "POST /api/functions/sample/sample/versions": {},
    "PUT /api/functions/sample/sample/aliases/sample": {"versionId": "1"},
    "POST /api/functions/sample/sample/triggers": {"name": NAME, "kind": "http", "config": WEB},
    "POST /api/flows": {"name": NAME, "definition": FLOW},
    "POST /api/flows/sample/executions": {"name": NAME},
    "POST /api/queues": {"name": NAME},
    "POST /api/queues/sample/messages": {"body": NAME},
    "POST /api/topics": {"name": NAME},
    "POST /api/topics/sample/subscriptions": {"name": NAME, "endpoint": NOBODY},
    "POST /api/topics/sample/messages": {"body": NAME},
    "POST /api/users": {"name": NAME, "role": "viewer", "password": PASSWORD},
    "POST /api/keys": {"user": NAME},
}
IDS = {"POST /api/config/drafts": "draftId", "POST /api/keys": "accessKeyId"}  # of what isn't called as it's told


class Client(requests.Session):
    """Signed in, as the administrator to begin with. `ids` are those of the things that it made."""

    def __init__(self, endpoint: str, name: str = "admin") -> None:
        super().__init__()
        self.ids: dict[str, str] = {}
        self.endpoint = endpoint
        answer = self.post(f"{endpoint}/api/session", json={"name": name, "password": PASSWORD})
        assert answer.ok, answer.text
        self.headers["x-csrf-token"] = answer.json()["csrfToken"]

    def fill(self) -> None:
        """One thing of each kind; all that have a name have the same."""
        for act, body in FILLING.items():
            method, path = act.split()
            answer = self.request(method, self.endpoint + path, json=body)
            assert answer.ok, f"{act}: {answer.text}"
            if act in IDS:
                self.ids[IDS[act]] = answer.json()[IDS[act]]

    def existing(self, path: str, parameter: str) -> str:
        """What `parameter` is called in `path`, of the things that are there."""
        match parameter:
            case "version":
                return "1"
            case "draft_id":
                return self.ids["draftId"]
            case "key" if path.startswith("/api/keys/"):
                return self.ids["accessKeyId"]
            case _:
                return NAME
