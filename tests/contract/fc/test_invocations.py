"""Event functions through the vendor's Python client. Acceptance cases of fc contract 8: 1, 9, 10, 11, 12, 25."""

import json
from base64 import b64decode

import pytest

from tests.contract.fc.clients import Deployed, refused

TAIL = {"x-fc-log-type": "Tail"}


def failure(service: Deployed, name: str, event: bytes = b"") -> dict:
    """The error document of a call that fails, as the client tells it."""
    error = refused(lambda: service.invoke(name, event))
    assert error.status_code == 200
    return json.loads(error.message)


def test_case_1_an_event_goes_in_and_comes_out(service: Deployed):
    """The handler's bytes come back, and the headers name the request."""
    service.function("f", "def handler(event, context):\n    return event[::-1]\n")
    answer = service.invoke("f", b"hello")
    assert answer.data == b"olleh"
    headers = answer.headers
    assert len(headers["X-Fc-Request-Id"]) == 36
    assert headers["X-Fc-Instance-Id"]
    assert int(headers["X-Fc-Invocation-Duration"]) >= 0
    assert float(headers["X-Fc-Max-Memory-Usage"]) > 0
    assert headers["X-Fc-Invocation-Service-Version"] == "LATEST"
    found = service.client.get_function(service.service, "f").data
    assert headers["X-Fc-Code-Checksum"] == found["codeChecksum"]


@pytest.mark.parametrize(
    ("returned", "body"),
    [
        ("{'b': 1, 'a': [True, None]}", '{\n    "a": [\n        true,\n        null\n    ],\n    "b": 1\n}'),
        ("'text'", "text"),
        ("None", "null"),
        ("b'\\x00\\xff'", "\x00\xff"),
    ],
    ids=["dict", "text", "none", "bytes"],
)
def test_case_9_results_have_their_form(service: Deployed, returned: str, body: str):
    """Texts and bytes as they are, all else as JSON with four spaces and sorted keys."""
    service.function("f", f"def handler(event, context):\n    return {returned}\n")
    assert service.invoke("f").data == body.encode("latin-1")


def test_case_10_what_a_handler_raises_is_told(service: Deployed):
    """Type, message and the frames of the function's own code."""
    service.function("f", "def handler(event, context):\n    raise ValueError('boom')\n")
    error = failure(service, "f")
    assert (error["errorMessage"], error["errorType"]) == ("boom", "ValueError")
    assert error["stackTrace"] == [
        ['File "/code/index.py"', "line 2", "in handler", "raise ValueError('boom')"],
    ]


@pytest.mark.parametrize(
    ("code", "handler", "kind"),
    [
        ("x = 1", "absent.handler", "ImportModuleError"),
        ("x = 1", "nodot", "InvalidHandleName"),
        ("x = 1", "index.absent", "HandlerNotFound"),
        ("def handler(:", "index.handler", "UserCodeSyntaxError"),
        ("1 / 0", "index.handler", "UserCodeError"),
    ],
)
def test_case_11_what_cannot_be_loaded_has_its_kind(service: Deployed, code: str, handler: str, kind: str):
    """A missing module, a bad handler, a missing function, broken code."""
    service.function("f", code, handler=handler)
    assert failure(service, "f")["errorType"] == kind


def test_case_12_the_log_comes_along(service: Deployed):
    """Start and end marks, the logger's line form, and the summary, in at most 4 KB."""
    code = (
        "import logging\n"
        "def handler(event, context):\n"
        "    print('printed')\n"
        "    logging.getLogger().warning('logged %s', 1)\n"
        "    return 'ok'\n"
    )
    service.function("f", code, memorySize=128)
    headers = service.invoke("f", headers=TAIL).headers
    log, rid = b64decode(headers["X-Fc-Log-Result"]).decode(), headers["X-Fc-Request-Id"]
    assert f"FC Invoke Start RequestId: {rid}\r\n" in log
    assert "\r\nprinted\r\n" in log
    assert f"Z {rid} [WARNING] logged 1\r\n" in log
    assert f"FC Invoke End RequestId: {rid}\r\n" in log
    last = log.rstrip().splitlines()[-1]
    assert last.startswith("Duration: ")
    assert "Billed Duration: " in last
    assert "Memory Size: 128 MB, Max Memory Used: " in last
    service.function("g", "def handler(event, context):\n    print('x' * 10000)\n    return 'ok'\n")
    tail = b64decode(service.invoke("g", headers=TAIL).headers["X-Fc-Log-Result"])
    assert 0 < len(tail) <= 4096


def test_case_25_credentials_are_where_the_runtime_has_them(service: Deployed):
    """python3.12's context has none, the environment has; python3.10's context has them."""
    code = (
        "import os\n"
        "def handler(event, context):\n"
        "    try:\n"
        "        found = bool(context.credentials.access_key_id)\n"
        "    except AttributeError:\n"
        "        found = 'AttributeError'\n"
        "    return {'context': found, 'env': bool(os.environ.get('ALIBABA_CLOUD_ACCESS_KEY_ID'))}\n"
    )
    service.function("old", code, runtime="python3.10")
    service.function("new", code, runtime="python3.12")
    assert json.loads(service.invoke("old").data)["context"] is True
    assert json.loads(service.invoke("new").data) == {"context": "AttributeError", "env": True}


def test_a_process_that_ends_costs_its_call_alone(service: Deployed):
    """The error says so; the next call gets a new instance."""
    service.function("f", "import os\ndef handler(event, context):\n    return os._exit(3) if event else 'alive'\n")
    message = failure(service, "f", b"x")["errorMessage"]
    assert message.startswith("Process exited unexpectedly before completing request")
    assert service.invoke("f").data == b"alive"


def test_a_handler_that_hangs_is_ended(service: Deployed):
    """After its timeout the call fails by name, and the next one is served."""
    code = "import time\ndef handler(event, context):\n    time.sleep(60 if event else 0)\n    return 'on time'\n"
    service.function("f", code, timeout=1)
    assert "timed out after 1 seconds" in failure(service, "f", b"x")["errorMessage"]
    assert service.invoke("f").data == b"on time"


def test_megabytes_of_output_do_no_harm(service: Deployed):
    """A function that prints without end is answered all the same, with the end of its log."""
    service.function("f", "def handler(event, context):\n    print('noise\\n' * 1_000_000)\n    return 'done'\n")
    answer = service.invoke("f", headers=TAIL)
    assert answer.data == b"done"
    assert len(b64decode(answer.headers["X-Fc-Log-Result"])) <= 4096


def test_new_code_runs_at_once(service: Deployed):
    """The first call after an update runs the new code."""
    service.function("f", "def handler(event, context):\n    return 'one'\n")
    assert service.invoke("f").data == b"one"
    (service.folder / "f/index.py").write_text("def handler(event, context):\n    return 'two'\n")
    service.client.update_function(service.service, "f", codeDir=str(service.folder / "f"))
    assert service.invoke("f").data == b"two"


def test_a_function_without_a_handler_can_be_repaired(service: Deployed):
    """A deployment that can't load is only ever an error of its calls."""
    service.function("f", "def handler(event, context):\n    return 'ok'\n", handler="index.wrong")
    assert failure(service, "f")["errorType"] == "HandlerNotFound"
    service.client.update_function(service.service, "f", handler="index.handler")
    assert service.invoke("f").data == b"ok"
