"""The 2023-03-30 API through the vendor's Node client. Acceptance cases of fc contract 8: 4, 5."""

import json

from liuyun.testing.platform import Running
from tests.contract.fc.clients import zip_text
from tests.contract.node import node_modules, run_node

NODE_CLIENT = "@alicloud/fc20230330@4.7.6"
PRELUDE = """
const {default: Client, ...fc} = require('@alicloud/fc20230330');
const {Config} = require('@alicloud/openapi-core').$OpenApiUtil;
const {ENDPOINT, KEY, SECRET, ZIP} = process.env;
const client = new Client(new Config({
  endpoint: ENDPOINT, protocol: 'http', regionId: 'cn-hangzhou', accessKeyId: KEY, accessKeySecret: SECRET,
}));
const {Readable} = require('stream');
const text = async (stream) => {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
};
const show = (value) => console.log(JSON.stringify(value));
(async () => {
  %s
})().catch((error) => { console.error(error); process.exit(1); });
"""


def node(running: Running, script: str) -> str:
    env = {
        "NODE_PATH": str(node_modules(NODE_CLIENT)),
        "ENDPOINT": running.endpoint.removeprefix("http://"),
        "KEY": running.access_key_id,
        "SECRET": running.access_key_secret,
        "ZIP": zip_text({"index.py": "def handler(event, context):\n    return event[::-1]\n"}),
    }
    return run_node(PRELUDE % script, env)


def test_case_4_a_function_is_made_called_and_deleted(running: Running):
    """Bodies come in chunks, and fewer headers are signed than by Python's client."""
    script = """
      const made = await client.createFunction(new fc.CreateFunctionRequest({body: new fc.CreateFunctionInput({
        functionName: 'node', runtime: 'python3.10', handler: 'index.handler',
        code: new fc.InputCodeLocation({zipFile: ZIP}), environmentVariables: {WORD: 'a b'},
      })}));
      const called = await client.invokeFunction('node', new fc.InvokeFunctionRequest({
        body: Readable.from(Buffer.from('hello')),
      }));
      const listed = await client.listFunctions(new fc.ListFunctionsRequest({prefix: 'node', limit: 1}));
      await client.deleteFunction('node');
      let missing = '';
      try { await client.getFunction('node', new fc.GetFunctionRequest({})); } catch (error) { missing = error.code; }
      show({arn: made.body.functionArn, said: await text(called.body), listed: listed.body.functions.length, missing});
    """
    assert json.loads(node(running, script)) == {
        "arn": "acs:fc:cn-hangzhou:1234567890123456:functions/node",
        "said": "olleh",
        "listed": 1,
        "missing": "FunctionNotFound",
    }
