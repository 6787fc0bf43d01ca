"""Both of the vendor's Node clients in one process, which a test starts once for all its calls."""

from collections.abc import Mapping

from liuyun.testing.platform import Running
from tests.contract.node import node_modules, run_node

PACKAGES = ("@alicloud/fc2@2.6.6", "@alicloud/fc20230330@4.7.6", "ali-oss@6.23.0")  # a set that other tests install too
PRELUDE = """
const FC = require('@alicloud/fc2');
const {default: Client, ...fc} = require('@alicloud/fc20230330');
const {Config} = require('@alicloud/openapi-core').$OpenApiUtil;
const {RuntimeOptions} = require('@darabonba/typescript');
const {Readable} = require('stream');
const {ENDPOINT, ACCOUNT, KEY, SECRET} = process.env;
const older = new FC(ACCOUNT, {
  endpoint: ENDPOINT, region: 'cn-hangzhou', accessKeyID: KEY, accessKeySecret: SECRET, timeout: 30000,
});
const newer = new Client(new Config({
  endpoint: ENDPOINT.replace('http://', ''), protocol: 'http', regionId: 'cn-hangzhou',
  accessKeyId: KEY, accessKeySecret: SECRET,
}));
const show = (value) => console.log(JSON.stringify(value));
(async () => {
  %s
})().catch((error) => { console.error(error); process.exit(1); });
"""


def nodes(running: Running, script: str, env: Mapping[str, str]) -> str:
    """What a script prints; `older` and `newer` are the clients, `show(value)` prints JSON."""
    known = {
        "NODE_PATH": str(node_modules(*PACKAGES)),
        "ENDPOINT": running.endpoint,
        "ACCOUNT": running.account_id,
        "KEY": running.access_key_id,
        "SECRET": running.access_key_secret,
    }
    return run_node(PRELUDE.replace("%s", script), {**known, **env})
