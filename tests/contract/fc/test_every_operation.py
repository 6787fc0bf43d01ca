"""Every operation through every client: what is offered works, what isn't is refused by name, nothing else comes back.

One platform, one process for Node's clients. Each client makes what it needs, in an order in which all of it succeeds.
"""

import inspect
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import alibabacloud_fc20230330.client
import alibabacloud_fc_open20210406.client
import fc2
import pytest
from fc2.fc_exceptions import FcError
from Tea.exceptions import TeaException

from liuyun.gateway.fc.product import PROTOCOLS
from liuyun.testing.platform import Running
from tests.contract.fc.clients import python
from tests.contract.fc.nodes import nodes
from tests.contract.fc.operations import (
    CODE,
    HELD,
    ORDER,
    REMOVED_BEFORE,
    camel,
    document,
    documents,
    names,
    ordered,
    plain,
    snake,
)
from tests.contract.fc.tea import OPTIONS, fc3_client, fc3_models, open_client, open_models

# What a client has beside operations: transport, HTTP triggers (case 19) and shells, which are WebSockets.
OTHERS = {"do_http_request", "websocket", "instance_exec"}
NODE_OTHERS = (
    "constructor|buildHeaders|request|get|post|put|delete|websocket|instanceExec|normalizeParams|"
    "largeFunctionHelper|uploadCodeToTmpOssBucket|publishLayerVersionForBigCode"
)
SERVERS_OWN = 500
Outcomes = dict[str, str]


def outcome(call: Callable[[], object]) -> str:
    """ok, or the code of the refusal; whatever can't be read, and the server's own failures, are raised."""
    try:
        call()
    except FcError as error:
        if error.status_code >= SERVERS_OWN:
            raise
        return str(error.err_code)
    except TeaException as error:
        if error.statusCode is None or int(error.statusCode) >= SERVERS_OWN:
            raise
        return str(error.code)
    return "ok"


def refused_by_name() -> set[str]:
    return {route.operation.lower() for _, routes in PROTOCOLS for route in routes if not route.offered}


def check(outcomes: Outcomes) -> None:
    known = dict.fromkeys(refused_by_name(), "PathNotSupported") | REMOVED_BEFORE
    assert outcomes == {name: known.get(plain(name), "ok") for name in outcomes}


def test_each_method_of_aliyun_fc2(running: Running, tmp_path: Path):
    """The client of 2016-08-15."""
    client = python(running)
    known = names(running, "py2016") | {"family": "py2016"}
    (tmp_path / "index.py").write_text(CODE["index.py"])

    def arguments(method: str) -> dict[str, Any]:
        config = {**document(known, method), "codeDir": str(tmp_path), "invocationRole": None, "payload": b""}
        config |= {"asyncConfig": document(known, "async"), "target": 0, "maximumInstanceCount": 5, "limit": 10}
        found: dict[str, Any] = {}
        for name, parameter in inspect.signature(getattr(client, method)).parameters.items():
            if parameter.default is inspect.Parameter.empty or name in {"codeDir", "routeConfig", "qualifier"}:
                found[name] = known[snake(name)] if snake(name) in known else config[name]
        return found

    def hold() -> None:
        headers = {"x-fc-invocation-type": "Async", "x-fc-stateful-async-invocation-id": "task"}
        client.invoke_function(known["service_name"], known["function_name"], b"", headers)

    methods = {name for name, value in vars(fc2.Client).items() if callable(value) and name[0] != "_"} - OTHERS
    check(
        {
            method: outcome(hold if method == HELD else lambda m=method: getattr(client, m)(**arguments(m)))
            for method in ordered(methods | {HELD})
        }
    )


FAMILIES: list[Any] = [
    pytest.param(open_client, alibabacloud_fc_open20210406.client, open_models, "py2021", id="2021"),
    pytest.param(fc3_client, alibabacloud_fc20230330.client, fc3_models, "py2023", id="2023"),
]


@pytest.mark.parametrize(("connect", "module", "models", "family"), FAMILIES)
def test_each_method_of_the_newer_clients(running: Running, connect: Any, module: Any, models: Any, family: str):
    """Those that are made from the vendor's descriptions of its APIs."""
    client = connect(running)
    known = names(running, family) | {"family": family}

    def arguments(method: str) -> Iterator[Any]:
        for name in inspect.signature(getattr(client, method)).parameters:
            if name == "request":
                members = document(known, method)
                text = inspect.signature(getattr(client, method)).parameters[name].annotation
                kind = getattr(models, text.rpartition(".")[2] if isinstance(text, str) else text.__name__)
                body = b"" if method == "invoke_function" else members
                qualifier = {"qualifier": "LATEST"} if "alias" not in method and "trigger" not in method else {}
                yield kind().from_map({**members, "body": body, **qualifier})
            else:
                yield known[name]

    def hold() -> None:
        if models is open_models:
            headers = models.InvokeFunctionHeaders(
                x_fc_invocation_type="Async", x_fc_stateful_async_invocation_id="task"
            )
            place = (known["service_name"], known["function_name"])
        else:
            headers = models.InvokeFunctionHeaders(x_fc_invocation_type="Async", x_fc_async_task_id="task")
            place = (known["function_name"],)
        client.invoke_function_with_options(*place, models.InvokeFunctionRequest(body=b"held"), headers, OPTIONS)

    members = vars(module.Client)
    methods = {name.removesuffix("_with_options") for name in members if name.endswith("_with_options")}
    methods = {name.replace("aclwith_options", "acl") for name in methods}
    check(
        {
            method: outcome(hold if method == HELD else lambda m=method: getattr(client, m)(*arguments(m)))
            for method in ordered(methods | {HELD})
        }
    )


EVERY = r"""
  const {cast} = require('@darabonba/typescript');
  const {ORDER, OLDER, NEWER} = process.env;
  const order = ORDER.split(' ').map((stage) => new RegExp('^(?:' + stage + ')', 'i'));
  const stage = (method) => order.findIndex((one) => one.test(method));
  const tried = async (call) => {
    try { await call(); return 'ok'; }
    catch (error) {
      const status = error.statusCode || Number((/failed with (\d+)/.exec(error.message) || [])[1]);
      if (!error.code || !(status < 500)) throw error;
      return error.code;
    }
  };
  const all = async (client, others, documents, arguments_, hold) => {
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(client)).filter((method) => !others.test(method));
    const outcomes = {};
    for (const method of ['hold', ...methods].sort((a, b) => stage(a) - stage(b) || (a < b ? -1 : 1))) {
      const word = Object.keys(documents).find((one) => one && method.toLowerCase().includes(one)) || '';
      outcomes[method] = await tried(() => {
        if (method === 'hold') return hold();
        const [, given] = /\(([^]*?)\)\s*\{/.exec(client[method].toString());
        const names = given.split(',').map((name) => name.split('=')[0].trim()).filter(Boolean);
        return client[method](...names.map((name) => arguments_(method, name, {...documents[word]})));
      });
    }
    return outcomes;
  };
  const first = JSON.parse(OLDER);
  const ofOlder = (method, name, document) => {
    const more = {
      headers: {}, event: '', config: 'CodeSizeLimit', tags: {a: 'b'}, tagKeys: ['a'], all: false, description: 'a',
    };
    return name in more ? more[name] : name in first.names ? first.names[name] : document;
  };
  const holdOlder = () => older.invokeFunction(first.names.serviceName, first.names.functionName, '', {
    'x-fc-invocation-type': 'Async', 'x-fc-stateful-async-invocation-id': 'task',
  });
  const second = JSON.parse(NEWER);
  const ofNewer = (method, name, document) => {
    if (name !== 'request') return second.names[name];
    const kind = fc[method[0].toUpperCase() + method.slice(1) + 'Request'];
    const qualifier = /alias|trigger/i.test(method) ? {} : {qualifier: 'LATEST'};
    if (method === 'invokeFunction') return new kind({body: Readable.from(Buffer.from('')), ...qualifier});
    return cast({...document, body: document, ...qualifier}, new kind({}));
  };
  const holdNewer = () => newer.invokeFunctionWithOptions(
    second.names.functionName,
    new fc.InvokeFunctionRequest({body: Readable.from(Buffer.from('held'))}),
    new fc.InvokeFunctionHeaders({xFcInvocationType: 'Async', xFcAsyncTaskId: 'task'}),
    new RuntimeOptions({}),
  );
  show([
    await all(older, new RegExp('^(?:' + process.env.OTHERS + ')$'), first.documents, ofOlder, holdOlder),
    await all(newer, /^constructor$|^getEndpoint$|WithOptions$/, second.documents, ofNewer, holdNewer),
  ]);
"""


def test_each_method_of_the_clients_for_node(running: Running):
    """Those of 2016-08-15 and of 2023-03-30, in one process."""

    def world(family: str) -> str:
        known = names(running, family) | {"family": family}
        return json.dumps(
            {"names": {camel(name): value for name, value in known.items()}, "documents": documents(known)}
        )

    env = {"ORDER": ORDER, "OTHERS": NODE_OTHERS, "OLDER": world("node2016"), "NEWER": world("node2023")}
    older, newer = json.loads(nodes(running, EVERY, env))
    check(older)
    check(newer)
    assert (len(older), len(newer)) > (50, 60)
