"""Object storage through the vendor's Node client. Acceptance case 22 of triggers contract 6."""

import json

import pytest

from liuyun.testing.platform import Running
from tests.contract.node import node_modules, run_node

ALI_OSS = "ali-oss@6.23.0"
SCRIPT = """
const OSS = require('ali-oss');
const {ENDPOINT, KEY, SECRET, V4} = process.env;
(async () => {
  const client = new OSS({
    endpoint: ENDPOINT, accessKeyId: KEY, accessKeySecret: SECRET, bucket: 'node-' + V4, authorizationV4: V4 === 'true',
    region: 'oss-cn-hangzhou',
  });
  await client.putBucket('node-' + V4);
  await client.put('a/b.txt', Buffer.from('hello'), {meta: {who: 'me'}});
  const got = await client.get('a/b.txt');
  const one = await client.list({prefix: 'a/', 'max-keys': 10});
  const two = await client.listV2({prefix: 'a/', 'max-keys': 10});
  const head = await client.head('a/b.txt');
  await client.delete('a/b.txt');
  let missing = '';
  try { await client.get('a/b.txt'); } catch (error) { missing = error.code; }
  console.log(JSON.stringify({
    text: got.content.toString(), one: one.objects.map((o) => o.name), two: two.objects.map((o) => o.name),
    meta: head.meta, missing,
  }));
})().catch((error) => { console.error(error); process.exit(1); });
"""


@pytest.mark.parametrize("v4", ["false", "true"])
def test_case_22_the_bucket_stands_in_the_host(running: Running, v4: str):
    """ali-oss connects to the address and names the bucket in the Host header alone."""
    env = {
        "NODE_PATH": str(node_modules(ALI_OSS)),
        "ENDPOINT": running.endpoint,
        "KEY": running.access_key_id,
        "SECRET": running.access_key_secret,
        "V4": v4,
    }
    assert json.loads(run_node(SCRIPT, env)) == {
        "text": "hello",
        "one": ["a/b.txt"],
        "two": ["a/b.txt"],
        "meta": {"who": "me"},
        "missing": "NoSuchKey",
    }
