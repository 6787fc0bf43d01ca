"""Function compute with what stands beside it: topics that start functions, logs, requirements, restarts."""

from pathlib import Path
from typing import Any

import fc2

from liuyun.model.message import TopicAttributes
from liuyun.testing.platform import Running, running_platform
from tests.contract.fc.clients import Deployed, python, refused

PRINT = "def handler(event, context):\n    print('got', event.decode())\n    return event\n"


def log_after(client: fc2.Client, service: str, cursor: str = "0", **query: str) -> dict[str, Any]:
    """A page of the log of function `f`, waited for."""
    path = "/2016-08-15/liuyun/logs"
    params = {"service": service, "function": "f", "cursor": cursor, "wait": "20", **query}
    return client._do_request("GET", path, client._build_common_headers("GET", path), params=params).json()


def heard(client: fc2.Client, service: str, text: str) -> dict[str, Any]:
    """The line with this text, once it is there."""
    page = log_after(client, service, contains=text)
    assert page["lines"], f"'{text}' was never logged"
    return page["lines"][0]


def test_a_message_starts_its_function(service: Deployed, running: Running):
    """What is published to the topic comes as the event; other tags don't; without the trigger nothing does."""
    topics, account, topic = running.platform.messaging.topics, running.account_id, f"topic-{service.service}"
    running.run(topics.create(account, topic, TopicAttributes()))
    service.function("f", PRINT)
    config = {"notifyContentFormat": "STREAM", "filterTag": "mine"}
    arn = f"acs:mns:cn-hangzhou:{account}:/topics/{topic}"
    service.client.create_trigger(service.service, "f", "t", "mns_topic", config, arn, None)
    running.run(topics.publish(account, topic, "other", tag="theirs"))
    running.run(topics.publish(account, topic, "hello topic", tag="mine"))
    assert heard(service.client, service.service, "got")["text"] == "got hello topic"
    service.client.delete_trigger(service.service, "f", "t")
    subscriptions = running.run(topics.list_subscriptions(account, topic))
    assert list(subscriptions.items) == []


def test_a_log_is_followed_by_its_request(service: Deployed):
    """Every line carries its request, and the log of one request can be had alone."""
    service.function("f", PRINT)
    service.invoke("f", b"one")
    wanted = service.invoke("f", b"two").headers["X-Fc-Request-Id"]
    heard(service.client, service.service, "got two")
    lines = log_after(service.client, service.service, requestId=wanted)["lines"]
    assert {line["requestId"] for line in lines} == {wanted}
    assert "got two" in [line["text"] for line in lines]
    assert "got one" not in [line["text"] for line in lines]


def test_what_was_deployed_outlives_a_restart(tmp_path: Path):
    """Services, functions, code and triggers are there again, and calls go on."""
    data = tmp_path / "data"
    with running_platform(data, standard_layer=False) as before:
        deployed = Deployed(python(before), tmp_path, "kept")
        deployed.http_function("f", PRINT)
        known = deployed.client.get_function("kept", "f").data
    with running_platform(data, standard_layer=False) as after:
        client = python(after)
        assert client.get_function("kept", "f").data == known
        assert client.list_triggers("kept", "f").data["triggers"][0]["triggerName"] == "web"
        client.delete_trigger("kept", "f", "web")
        assert client.invoke_function("kept", "f", b"again").data == b"again"


def test_requirements_are_there_when_the_function_runs(service: Deployed):
    """A package's requirements.txt is installed at deploy; one that can't be fails the deployment."""
    folder = service.folder / "needing"
    folder.mkdir()
    (folder / "index.py").write_text("import six\ndef handler(event, context):\n    return six.__version__\n")
    (folder / "requirements.txt").write_text("six==1.16.0\n")
    create = service.client.create_function
    create(service.service, "f", "python3", "index.handler", codeDir=str(folder), timeout=10)
    assert service.invoke("f").data == b"1.16.0"
    (folder / "requirements.txt").write_text("six==0.0.0.1\n")
    error = refused(lambda: create(service.service, "g", "python3", "index.handler", codeDir=str(folder)))
    assert (error.status_code, error.err_code) == (400, "InvalidArgument")
    assert "six" in error.message
