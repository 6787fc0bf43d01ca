"""Node.js event functions as the vendor's runtime runs them (fc contract 3.4), in real sandboxes."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from liuyun.compute.nodes import installed
from tests.contract.runtime.scripts import call, deploy, failure
from tests.contract.runtime.stage import Stage, on_stage

ECHO = "exports.handler = (event, context, callback) => callback(null, event);"


def test_bytes_go_in_and_out_untouched(tmp_path: Path):
    """An event is a Buffer, whatever is in it, and a Buffer is returned as it is."""
    code = "exports.handler = (event, context, callback) => callback(null, Buffer.isBuffer(event) ? event : 'no');"
    result = call(tmp_path, code, bytes(range(256)))
    assert (result.payload, result.error_type) == (bytes(range(256)), None)


def test_results_are_encoded_as_the_vendor_does(tmp_path: Path):
    """Texts and bytes are sent as they are, all else as JSON; nothing is nothing."""
    code = """
        const results = ['text', null, undefined, {b: 1, a: [true]}, 1.5, new Uint8Array([65]), new Date(0)];
        exports.handler = (event, context, callback) => callback(null, results[Number(event)]);
    """

    async def act(stage: Stage) -> list[bytes]:
        deploy(stage, code)
        return [(await stage.invoke(str(number).encode())).payload for number in range(7)]

    assert on_stage(tmp_path, act) == [
        b"text", b"null", b"", b'{"b":1,"a":[true]}', b"1.5", b"A", b'"1970-01-01T00:00:00.000Z"',
    ]  # fmt: skip


def test_promises_are_answers_too(tmp_path: Path):
    """`async` handlers return their result; only the first answer counts."""
    code = """
        const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
        exports.handler = async (event) => { await wait(5); return event.toString().toUpperCase(); };
        exports.both = async (event, context, callback) => { callback(null, 'called back'); return 'returned'; };
        exports.never = (event, context, callback) => { callback(null, 'first'); callback(new Error('second')); };
    """

    async def act(stage: Stage) -> list[bytes]:
        for name in ("handler", "both", "never"):
            deploy(stage, code, name=name, handler=f"index.{name}")
        return [(await stage.invoke(b"x", name=name)).payload for name in ("handler", "both", "never")]

    assert on_stage(tmp_path, act) == [b"X", b"called back", b"first"]


@pytest.mark.parametrize(
    ("file", "files", "code"),
    [
        ("index.mjs", {}, "export const handler = async (event) => 'module';"),
        ("index.js", {"package.json": '{"type": "module"}'}, "export const handler = async (event) => 'module';"),
        ("index.js", {}, "exports.handler = async () => (await import('node:util')).format('%s', 'module');"),
        ("deep/er/main.js", {"word.js": "module.exports = 'module';"},
         "const word = require('../../word'); exports.handler = async () => word;"),
    ],
)  # fmt: skip
def test_modules_of_either_kind_are_handlers(tmp_path: Path, file: str, files: dict[str, str], code: str):
    """CommonJS and ES modules, in the package's folder or below."""
    handler = file.rpartition(".")[0] + ".handler"
    assert call(tmp_path, code, file=file, files=files, handler=handler).payload == b"module"


def test_an_exception_becomes_the_error_document(tmp_path: Path):
    """Message, name and the lines of the stack, without the runtime's own."""
    document = failure(tmp_path, "exports.handler = () => {\n  throw new RangeError('boom');\n};")
    assert (document["errorMessage"], document["errorType"]) == ("boom", "RangeError")
    assert document["stackTrace"] == ["RangeError: boom", "at exports.handler (/code/index.js:2:9)"]


def test_an_error_that_is_handed_back_is_handled(tmp_path: Path):
    """`callback(error)` alone is the vendor's HandledInvocationError."""
    code = "exports.handler = (event, context, callback) => callback(new TypeError('wrong'));"
    document = failure(tmp_path, code, kind="HandledInvocationError")
    assert (document["errorMessage"], document["errorType"]) == ("wrong", "TypeError")


@pytest.mark.parametrize(
    ("thrown", "message", "kind"),
    [
        ("Promise.reject(new Error('kept from us'))", "kept from us", "Error"),
        ("Promise.reject('just text')", "just text", "Error"),
        ("Promise.reject(Object.assign(new Error('m'), {name: 'Custom'}))", "m", "Custom"),
        ("Promise.resolve(1n)", "Do not know how to serialize a BigInt", "TypeError"),
    ],
)
def test_a_broken_promise_is_an_error(tmp_path: Path, thrown: str, message: str, kind: str):
    """Whatever is thrown has a message and a type."""
    document = failure(tmp_path, f"exports.handler = () => {thrown};")
    assert (document["errorMessage"], document["errorType"]) == (message, kind)


@pytest.mark.parametrize("late", ["throw new Error('late')", "Promise.reject(new Error('late'))"])
def test_what_nobody_catches_fails_the_call_and_ends_the_process(tmp_path: Path, late: str):
    """The caller learns what it was; the next call gets a new process."""
    code = f"""
        exports.handler = (event, context, callback) => {{
            if (event.length) callback(null, event);
            setTimeout(() => {{ {late}; }});
        }};
    """

    async def act(stage: Stage) -> list:
        deploy(stage, code)
        return [await stage.invoke(payload) for payload in (b"", b"next")]

    failed, following = on_stage(tmp_path, act)
    assert (failed.error_type, json.loads(failed.payload)["errorMessage"]) == ("UnhandledInvocationError", "late")
    assert (following.payload, following.cold_start) == (b"next", True)


@pytest.mark.parametrize(
    ("code", "handler", "kind", "message"),
    [
        ("", "missing.handler", "ImportModuleError", "Module '/code/missing.js' is missing."),
        ("require('nowhere')", "index.handler", "ImportModuleError", "Cannot find module 'nowhere'"),
        ("exports.x = (", "index.handler", "UserCodeSyntaxError", "Syntax error in module 'index': Unexpected"),
        ("exports.x = 1", "index.handler", "HandlerNotFound", "Handler 'handler' is missing on module 'index'"),
        ("exports.x = 1", "index", "InvalidHandleName", "Invalid handler 'index'"),
        ("throw new RangeError('at load')", "index.handler", "RangeError", "at load"),
    ],
)
def test_a_handler_that_cannot_be_loaded_is_named(tmp_path: Path, code: str, handler: str, kind: str, message: str):
    """Each way of failing to load has its errorType."""
    document = failure(tmp_path, code, handler=handler)
    assert document["errorType"] == kind
    assert document["errorMessage"].startswith(message)


def test_the_context_says_who_the_function_is(tmp_path: Path):
    """Function, service, credentials, region, account, and who traces the call."""
    tracing = {
        "x-fc-tracing-opentracing-span-context": "span",
        "x-fc-tracing-opentracing-span-context-baggage-k": "v",
    }

    async def act(stage: Stage) -> dict:
        deploy(stage, "exports.handler = async (event, context) => context;", memory_mb=192)
        return json.loads((await stage.invoke(tracing=tracing, retry_count=2, qualifier="LATEST")).payload)

    said = on_stage(tmp_path, act)
    del said["logger"]
    function = {"name": "f", "handler": "index.handler", "memory": 192, "timeout": 10}
    assert said == {
        "requestId": "request-1",
        "credentials": {"accessKeyId": "STS.key", "accessKeySecret": "secret", "securityToken": "token"},
        "function": {**function, "initializer": "", "initializationTimeout": 30},
        "service": {"name": "s", "logProject": "", "logStore": "", "qualifier": "LATEST", "versionId": "LATEST"},
        "region": "cn-hangzhou",
        "accountId": "1234567890123456",
        "retryCount": 2,
        "tracing": {
            "openTracingSpanContext": "span",
            "openTracingSpanBaggages": {"k": "v"},
            "jaegerEndpoint": "",
            "spanContext": "span",
            "spanBaggages": {"k": "v"},
        },
    }


def test_the_environment_is_the_functions_own(tmp_path: Path):
    """The owner's variables and the vendor's are there; nothing of the platform's is; `node` and /tmp are there."""
    code = """
        const { execFileSync } = require('node:child_process');
        exports.handler = async () => ({
            env: process.env, cwd: process.cwd(), node: execFileSync('node', ['--version']).toString().trim(),
            own: process.version, tmp: require('node:fs').writeFileSync('/tmp/x', 'x'),
        });
    """
    seen = json.loads(call(tmp_path, code, environment={"MINE": "1", "NODE_OPTIONS": "--no-warnings"}).payload)
    assert (seen["env"]["MINE"], seen["env"]["FC_FUNC_CODE_PATH"], seen["cwd"]) == ("1", "/code/", "/code")
    assert seen["env"]["ALIBABA_CLOUD_SECURITY_TOKEN"] == "token"
    assert not any(name.startswith(("LIUYUN", "PYTEST")) for name in seen["env"])
    assert seen["node"] == seen["own"]


def test_the_initializer_runs_once(tmp_path: Path):
    """Once for each instance, before its first call; it may call back or return a promise."""
    code = """
        let count = 0;
        exports.start = (context, callback) => { setTimeout(() => { count += 1; callback(); }, 5); };
        exports.handler = async () => count;
    """

    async def act(stage: Stage) -> list[bytes]:
        deploy(stage, code, initializer="index.start")
        return [(await stage.invoke()).payload for _ in range(2)]

    assert on_stage(tmp_path, act) == [b"1", b"1"]


def test_a_failing_initializer_fails_the_call(tmp_path: Path):
    """As a handler's failure does."""
    code = "exports.start = async () => { throw new Error('not now'); }; exports.handler = async () => 'never';"
    assert failure(tmp_path, code, initializer="index.start")["errorMessage"] == "not now"


def test_several_calls_at_once_share_an_instance_that_allows_it(tmp_path: Path):
    """With instanceConcurrency calls interleave in one process; what each logs is its own."""
    code = """
        const waiting = [];
        exports.handler = (event, context, callback) => {
            waiting.push(async () => { await null; console.info('here'); callback(null, context.requestId); });
            if (waiting.length === 2) waiting.forEach((go) => go());
        };
    """

    async def act(stage: Stage) -> tuple:
        deploy(stage, code, instance_concurrency=2)
        results = await asyncio.gather(stage.invoke(), stage.invoke())
        return results, stage.lines

    results, lines = on_stage(tmp_path, act)
    assert {result.payload.decode() for result in results} == {result.request_id for result in results}
    assert len({result.instance_id for result in results}) == 1
    assert len([line for line in lines if line.text.endswith("here")]) == 2


@pytest.mark.parametrize("runtime", ["nodejs8", "nodejs20", "nodejs22"])
def test_other_versions_run_alike(tmp_path: Path, runtime: str):
    """A function runs on the version that it asks for, or on the nearest that the machine has."""
    major = int(
        call(tmp_path, "exports.handler = async () => process.versions.node.split('.')[0];", runtime=runtime).payload
    )
    wanted = int(runtime.removeprefix("nodejs"))
    assert major == next((node.version for node in installed() if node.version >= wanted), installed()[-1].version)


def test_large_events_and_results_pass(tmp_path: Path):
    """Payloads of many megabytes go both ways; a result over the limit is refused by its size, not cut."""

    async def act(stage: Stage) -> list:
        event = b"0123456789abcdef" * 1024 * 1024
        deploy(stage, ECHO, memory_mb=512)
        echoed = await stage.invoke(event)
        deploy(stage, "exports.handler = async () => Buffer.alloc(33 << 20);", memory_mb=512)
        return [echoed.payload == event, json.loads((await stage.invoke()).payload)["errorType"]]

    assert on_stage(tmp_path, act) == [True, "ResponseTooLarge"]


def test_the_log_has_the_vendors_form(tmp_path: Path):
    """Levels are verbose, debug, info, warn and error; a text with line breaks stays one line."""
    code = """
        exports.handler = async (event, context) => {
            console.log('got %s', event, {a: 1});
            console.debug('d');
            console.setLogLevel('warn');
            console.info('hidden');
            console.warn('two\\nlines');
            context.logger.error('e');
        };
    """
    lines = call(tmp_path, code, b"it").log_tail.splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z request-1 \[verbose\] got it \{ a: 1 \}", lines[1])
    assert [line.split(" ", 2)[2] for line in lines[2:6] if "Z request-1" in line] == [
        "[debug] d",
        "[warn] two",
        "[error] e",
    ]
    assert "FC Invoke End RequestId: request-1" in lines


@pytest.mark.parametrize("end", ["process.exit(3)", "process.kill(process.pid, 'SIGKILL')", "process.abort()"])
def test_a_process_that_ends_is_reported(tmp_path: Path, end: str):
    """Exits, signals and crashes give the vendor's document, without an errorType, and keep the last words."""
    result = call(tmp_path, f"exports.handler = () => {{ console.log('last words'); {end}; }};")
    document = json.loads(result.payload)
    assert list(document) == ["errorMessage"]
    assert document["errorMessage"].startswith("Process exited unexpectedly before completing request (duration: ")
    assert "last words" in result.log_tail


def test_a_call_past_its_time_is_ended(tmp_path: Path):
    """Even if the process never comes back to its loop."""
    document = failure(tmp_path, "exports.handler = () => { for (;;); };", timeout_s=1)
    assert document["errorMessage"].startswith("Function timed out after 1 seconds")


def test_garbage_is_collected_before_memory_runs_out(tmp_path: Path):
    """The heap is bounded by the function's memory, so that a small function may turn over much."""
    code = """
        exports.handler = async () => {
            let kept = [];
            for (let n = 0; n < 300; n += 1) { kept.push(new Array(1e5).fill(n)); if (kept.length > 20) kept = []; }
            return 'done';
        };
    """
    assert call(tmp_path, code).payload == b"done"
