"""The audit log knows of every change, by whichever API it was made: the vendor's clients make theirs here."""

from pathlib import Path

from mns.account import Account
from mns.queue import QueueMeta

from liuyun.testing.platform import Running
from tests.contract.console.client import NAME, Client
from tests.contract.fc.clients import Deployed, python
from tests.contract.fnf.clients import Classic

FLOW = "version: v1beta1\ntype: flow\nsteps:\n  - {type: pass, name: one}\n"


def told(client: Client, count: int) -> list[tuple[str, str, str]]:
    """Who did what to what, in order: the newest of all that is told."""
    records = client.get(f"{client.endpoint}/api/audit", params={"limit": count}).json()["records"]
    return [(record["actor"], record["action"], record["resource"]) for record in reversed(records)]


def test_changes_of_functions_are_written_down(running: Running, client: Client, tmp_path: Path):
    """With the name of what was made just now, which the address doesn't say; a call is no change, nor is a look."""
    service = Deployed(python(running), tmp_path, "written")
    service.http_function("f", "def handler(*_):\n    return 'done'\n")
    service.client.get_function("written", "f")
    service.invoke("f")
    service.client.publish_version("written")
    service.client.delete_trigger("written", "f", "web")
    assert told(client, 5) == [
        (running.access_key_id, "CreateService", "written"),
        (running.access_key_id, "CreateFunction", "written/f"),
        (running.access_key_id, "CreateTrigger", "written/f/web"),
        (running.access_key_id, "PublishServiceVersion", "written/1"),
        (running.access_key_id, "DeleteTrigger", "written/f/web"),
    ]


def test_changes_of_flows_are_written_down(running: Running, client: Client):
    """Executions are what flows are for, and have a history of their own."""
    flows = Classic(running.port, key=running.access_key_id, secret=running.access_key_secret)
    flows.create_flow("written", FLOW)
    flows.start("written")
    flows.call("DeleteFlow", Name="written")
    assert told(client, 2) == [
        (running.access_key_id, "CreateFlow", "written"),
        (running.access_key_id, "DeleteFlow", "written"),
    ]


def test_whose_key_it_was_is_written_down(running: Running, client: Client):
    """A user's key stands for its user; messages themselves are no changes."""
    client.patch(f"{client.endpoint}/api/users/{NAME}", json={"role": "administrator"}).raise_for_status()
    key = client.post(f"{client.endpoint}/api/keys", json={"user": NAME}).json()
    account = Account(running.endpoint, key["accessKeyId"], key["accessKeySecret"])
    queue = account.get_queue("written")
    queue.create(QueueMeta())
    queue.delete()
    account.get_client().close_connection()
    assert told(client, 2) == [(NAME, "CreateQueue", "written"), (NAME, "DeleteQueue", "written")]


def test_what_was_refused_is_no_change(running: Running, client: Client):
    """Nothing came of it."""
    before = told(client, 1)
    answer = client.post(f"{client.endpoint}/2016-08-15/services", json={"serviceName": "x"})
    assert answer.status_code == 400
    assert told(client, 1) == before
