"""Python event functions as the vendor's runtime runs them (fc contract 3.1), in real sandboxes."""

import asyncio
import json
from pathlib import Path

import pytest

from liuyun.compute.interpreters import interpreter_for
from tests.contract.runtime.stage import Stage, call, on_stage

ECHO = "def handler(event, context):\n    return event\n"


def failure(folder: Path, code: str, **options) -> dict:
    result = call(folder, code, **options)
    assert result.error_type == "UnhandledInvocationError"
    return json.loads(result.payload)


def test_bytes_go_in_and_out_untouched(tmp_path: Path):
    """An event is bytes, whatever is in it, and bytes are returned as they are."""
    result = call(tmp_path, ECHO, bytes(range(256)))
    assert (result.payload, result.error_type) == (bytes(range(256)), None)


@pytest.mark.parametrize(
    ("expression", "payload"),
    [
        ("'text'", b"text"),
        ("None", b"null"),
        ("{'b': 1, 'a': [True]}", b'{\n    "a": [\n        true\n    ],\n    "b": 1\n}'),
        ("__import__('decimal').Decimal('1.5')", b"1.5"),
        ("__import__('datetime').date(2024, 1, 31)", b'"2024-01-31"'),
        ("type('T', (), {'to_json': lambda self: {'x': 1}})()", b'{\n    "x": 1\n}'),
    ],
)
def test_results_are_encoded_as_the_vendor_does(tmp_path: Path, expression: str, payload: bytes):
    """Texts are sent as they are, all else as JSON with four spaces and sorted keys."""
    assert call(tmp_path, f"def handler(event, context):\n    return {expression}\n").payload == payload


def test_an_exception_becomes_the_error_document(tmp_path: Path):
    """Message, class and frames of four texts each, without the runtime's own frames."""
    document = failure(tmp_path, "def handler(event, context):\n    raise ValueError('boom')\n")
    frame = ['File "/code/index.py"', "line 2", "in handler", "raise ValueError('boom')"]
    assert document == {"errorMessage": "boom", "errorType": "ValueError", "stackTrace": [frame]}


@pytest.mark.parametrize(
    ("code", "handler", "kind", "message"),
    [
        ("import nowhere", "index.handler", "ImportModuleError", "Unable to import module 'index'"),
        ("x = 1", "missing.handler", "ImportModuleError", "Unable to import module 'missing'"),
        ("x = (", "index.handler", "UserCodeSyntaxError", "Syntax error in module 'index'"),
        ("1 / 0", "index.handler", "UserCodeError", "Module initialization error: 'division by zero'"),
        ("x = 1", "index.handler", "HandlerNotFound", "Handler 'handler' is missing on module 'index'"),
        ("x = 1", "index", "InvalidHandleName", "Invalid handler 'index'"),
    ],
)
def test_a_handler_that_cannot_be_loaded_is_named(tmp_path: Path, code: str, handler: str, kind: str, message: str):
    """Each way of failing to load has the vendor's errorType and a flat stack trace."""
    document = failure(tmp_path, code, handler=handler)
    assert (document["errorType"], document["errorMessage"]) == (kind, message)
    assert all(isinstance(line, str) for line in document["stackTrace"])


def test_a_handler_may_lie_in_a_folder(tmp_path: Path):
    """`folder/module.function`, with slashes for folders."""

    async def act(stage: Stage) -> bytes:
        main = "def run(event, context):\n    return 'found'\n"
        stage.deploy("", handler="deep/er/main.run", files={"deep/er/main.py": main})
        return (await stage.invoke()).payload

    assert on_stage(tmp_path, act) == b"found"


def test_a_module_may_be_called_like_a_standard_one(tmp_path: Path):
    """The package comes before the standard library, even for modules that are loaded already."""

    async def act(stage: Stage) -> bytes:
        stage.deploy("", handler="queue.run", files={"queue.py": "def run(event, context):\n    return 'mine'\n"})
        return (await stage.invoke()).payload

    assert on_stage(tmp_path, act) == b"mine"


def test_the_context_says_who_the_function_is(tmp_path: Path):
    """The classic context: function, service, credentials, region, account."""
    code = """
        def handler(event, context):
            c = context
            return [c.request_id, c.function.name, c.function.memory, c.function.timeout, c.service.name,
                    c.service.version_id, c.credentials.security_token, c.region, c.account_id, c.retry_count,
                    c.tracing.span_baggages, c.logger]
    """
    said = json.loads(call(tmp_path, code, memory_mb=192).payload)
    assert said == [
        "request-1", "f", 192, 10, "s", "LATEST", "token", "cn-hangzhou", "1234567890123456", 0, {}, None,
    ]  # fmt: skip


def test_the_context_says_who_traces_the_call(tmp_path: Path):
    """The caller's tracing headers, without what the wire puts before their names."""
    code = """
        def handler(event, context):
            return [context.tracing.span_context, context.tracing.span_baggages, context.retry_count]
    """
    span = "x-fc-tracing-opentracing-span-context"

    async def act(stage: Stage) -> list:
        stage.deploy(code)
        return json.loads((await stage.invoke(tracing={span: "a:b", f"{span}-baggage-k": "v"}, retry_count=1)).payload)

    assert on_stage(tmp_path, act) == ["a:b", {"k": "v"}, 1]


def test_newer_runtimes_have_the_newer_context(tmp_path: Path):
    """From python3.12 on there are no credentials on the context; they are in the environment."""
    code = """
        import os
        def handler(event, context):
            return [hasattr(context, "credentials"), hasattr(context, "service"), context.function.version_id,
                    os.environ["ALIBABA_CLOUD_SECURITY_TOKEN"]]
    """
    assert json.loads(call(tmp_path, code, runtime="python3.12").payload) == [False, False, "LATEST", "token"]


def test_the_environment_is_the_functions_own(tmp_path: Path):
    """The owner's variables and the vendor's are there; reserved names can't be set; nothing of the platform's is."""
    code = "import os\ndef handler(event, context):\n    return dict(os.environ)\n"
    owned = {"MINE": "1", "FC_REGION": "elsewhere", "FC_OTHER": "x"}
    seen = json.loads(call(tmp_path, code, environment=owned).payload)
    assert (seen["MINE"], seen["FC_REGION"], seen["FC_FUNC_CODE_PATH"]) == ("1", "cn-hangzhou", "/code/")
    assert "FC_OTHER" not in seen
    assert not any(name.startswith(("LIUYUN", "PYTEST")) for name in seen)


def test_a_worker_takes_the_processor_from_nobody(tmp_path: Path):
    """Waking a worker doesn't interrupt the platform: functions run under the policy for batches."""
    code = "import os\ndef handler(event, context): return os.sched_getscheduler(0) == os.SCHED_BATCH"
    assert call(tmp_path, code).payload == b"true"


def test_the_initializer_runs_once(tmp_path: Path):
    """Once for each instance, before its first call."""
    code = """
        count = 0
        def start(context):
            global count
            count += 1
        def handler(event, context):
            return count
    """

    async def act(stage: Stage) -> list[bytes]:
        stage.deploy(code, initializer="index.start")
        return [(await stage.invoke()).payload for _ in range(2)]

    assert on_stage(tmp_path, act) == [b"1", b"1"]


def test_a_failing_initializer_fails_the_call_and_its_instance(tmp_path: Path):
    """The next call gets a new instance."""
    code = """
        import os
        def start(context):
            raise RuntimeError("not now")
        def handler(event, context):
            return "never"
    """

    async def act(stage: Stage) -> list:
        stage.deploy(code, initializer="index.start")
        return [await stage.invoke() for _ in range(2)]

    first, second = on_stage(tmp_path, act)
    assert json.loads(first.payload)["errorMessage"] == "not now"
    assert first.instance_id != second.instance_id


def test_state_lives_as_long_as_the_instance(tmp_path: Path):
    """Calls one after the other meet the same instance, and only the first is a cold start."""
    code = "seen = []\ndef handler(event, context):\n    seen.append(1)\n    return len(seen)\n"

    async def act(stage: Stage) -> list:
        stage.deploy(code)
        return [await stage.invoke() for _ in range(3)]

    results = on_stage(tmp_path, act)
    assert [result.payload for result in results] == [b"1", b"2", b"3"]
    assert [result.cold_start for result in results] == [True, False, False]


def test_several_calls_at_once_share_an_instance_that_allows_it(tmp_path: Path):
    """With instanceConcurrency calls run in threads of one process; each sees its own request."""
    code = """
        import threading
        both = threading.Barrier(2)
        def handler(event, context):
            both.wait(5)
            context.logger.info("here")
            return context.request_id
    """

    async def act(stage: Stage) -> tuple:
        stage.deploy(code, instance_concurrency=2)
        results = await asyncio.gather(stage.invoke(), stage.invoke())
        return results, stage.lines

    results, lines = on_stage(tmp_path, act)
    assert {result.payload.decode() for result in results} == {result.request_id for result in results}
    assert len({result.instance_id for result in results}) == 1
    assert {line.request_id for line in lines if line.text.endswith("here")} == {"request-1", "request-2"}


@pytest.mark.parametrize("runtime", ["python3.9", "python3.10", "python3.13"])
def test_other_versions_run_alike(tmp_path: Path, runtime: str):
    """A function runs on the version that it asks for, or on the nearest that the machine has."""
    code = "import sys\ndef handler(event, context):\n    return list(sys.version_info[:2])\n"
    assert tuple(json.loads(call(tmp_path, code, runtime=runtime).payload)) == interpreter_for(runtime).version


def test_large_events_and_results_pass(tmp_path: Path):
    """Payloads of many megabytes go both ways."""
    event = b"0123456789abcdef" * 1024 * 1024
    assert call(tmp_path, ECHO, event, memory_mb=512).payload == event


def test_a_result_over_the_limit_is_an_error(tmp_path: Path):
    """It is refused by its size, not cut."""
    document = failure(tmp_path, "def handler(event, context):\n    return b'x' * (33 << 20)\n")
    assert document["errorType"] == "ResponseTooLarge"
