"""What is deployed may change at any time: callers never notice by an error."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import fc2

from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed, python, zip_text

CALLERS = 3
LONGEST_WAIT_S = 60
CODE = "import time\ndef handler(event, context):\n    time.sleep(0.01)\n    return '%s'\n"


class Answers:
    """What each call of the callers came to."""

    def __init__(self) -> None:
        self.all: list[bytes | Exception] = []
        self._another = threading.Condition()

    def add(self, answer: bytes | Exception) -> None:
        with self._another:
            self.all.append(answer)
            self._another.notify_all()

    def wait_for(self, answer: bytes) -> None:
        """Until a caller was answered so: on a busy machine the next change comes before their next call."""
        with self._another:
            assert self._another.wait_for(lambda: answer in self.all, LONGEST_WAIT_S), f"nobody was answered {answer!r}"


@contextmanager
def callers(running: Running, call: Callable[[fc2.Client], bytes]) -> Iterator[Answers]:
    """Calls without a pause for as long as the block runs."""
    answers = Answers()
    stop = threading.Event()

    def go_on() -> None:
        client = python(running)
        while not stop.is_set():
            try:
                answers.add(call(client))
            except Exception as error:  # noqa: BLE001 - the test looks at it
                answers.add(error)

    threads = [threading.Thread(target=go_on) for _ in range(CALLERS)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def deploy(service: Deployed, text: str) -> None:
    """New code for `f`, from memory: the client's own method leaves files open."""
    path = f"/2016-08-15/services/{service.service}/functions/f"
    body = json.dumps({"code": {"zipFile": zip_text({"index.py": CODE % text})}}).encode()
    service.client._do_request("PUT", path, service.client._build_common_headers("PUT", path), body=body)


def test_updates_of_code_and_configuration_fail_no_call(service: Deployed, running: Running):
    """Calls go on through all of them, each answered by one state or the next."""
    service.function("f", CODE % "0")

    def call(client: fc2.Client) -> bytes:
        return client.invoke_function(service.service, "f", b"").data

    with callers(running, call) as answers:
        answers.wait_for(b"0")
        for number in range(1, 8):
            deploy(service, str(number))
            assert service.invoke("f").data == str(number).encode()
            service.client.update_function(service.service, "f", environmentVariables={"N": str(number)})
            assert service.invoke("f").data == str(number).encode()
            answers.wait_for(str(number).encode())
    assert set(answers.all) == {str(number).encode() for number in range(8)}


def test_aliases_move_and_versions_go_without_a_failed_call(service: Deployed, running: Running):
    """Callers of an alias are moved from version to version, and those left behind are deleted."""
    service.function("f", CODE % "0")
    client, name = service.client, service.service
    version = client.publish_version(name, "").data["versionId"]
    client.create_alias(name, "prod", version)

    def call(caller: fc2.Client) -> bytes:
        return caller.invoke_function(name, "f", b"", qualifier="prod").data

    with callers(running, call) as answers:
        answers.wait_for(b"0")
        for number in range(1, 6):
            deploy(service, str(number))
            old, version = version, client.publish_version(name, "").data["versionId"]
            client.update_alias(name, "prod", version)
            assert client.invoke_function(name, "f", b"", qualifier="prod").data == str(number).encode()
            client.delete_version(name, old)
            answers.wait_for(str(number).encode())
    assert set(answers.all) == {str(number).encode() for number in range(6)}
