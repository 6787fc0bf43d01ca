"""Code by way of object storage, as the vendor's tools send it. Acceptance case 30 of fc contract 8.

The steps of `s deploy`, with its own building blocks: the temporary token of the 2016 API, ali-oss, the client of the
2023 API.
"""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import oss2
import pytest
from fastcrc import crc64

from liuyun.testing.platform import Running
from tests.contract.fc.clients import get_json, python, zip_text
from tests.contract.fc.tea import fc3_client, fc3_models, open_client, open_models, refused
from tests.contract.node import node_modules, run_node

PACKAGES = ("@alicloud/fc2@2.6.6", "@alicloud/fc20230330@4.7.6", "ali-oss@6.23.0")
DEPLOY = """
const FC2 = require('@alicloud/fc2');
const OSS = require('ali-oss');
const {default: Client, ...fc} = require('@alicloud/fc20230330');
const {Config} = require('@alicloud/openapi-core').$OpenApiUtil;
const {ENDPOINT, ACCOUNT, KEY, SECRET, PACKAGE, CHECKSUM} = process.env;
const old = new FC2(ACCOUNT, {endpoint: ENDPOINT, region: 'cn-hangzhou', accessKeyID: KEY, accessKeySecret: SECRET});
const client = new Client(new Config({
  endpoint: ENDPOINT.replace('http://', ''), protocol: 'http', regionId: 'cn-hangzhou',
  accessKeyId: KEY, accessKeySecret: SECRET,
}));
const upload = async () => {
  const {data} = await old.get('/tempBucketToken');
  const {credentials, ossBucket, objectName, ossRegion} = data;
  const oss = new OSS({
    region: ossRegion, endpoint: ENDPOINT, bucket: ossBucket, stsToken: credentials.SecurityToken,
    accessKeyId: credentials.AccessKeyId, accessKeySecret: credentials.AccessKeySecret, timeout: 60000,
  });
  await oss.put(`${ACCOUNT}/${objectName}`, PACKAGE);
  return {ossBucketName: ossBucket, ossObjectName: `${ACCOUNT}/${objectName}`};
};
const remote = async (name) => {
  try {
    return (await client.getFunction(name, new fc.GetFunctionRequest({}))).body;
  } catch (error) {
    if (error.code === 'FunctionNotFound') return null;
    throw error;
  }
};
const deploy = async (name) => {
  const there = await remote(name);
  if (there && there.codeChecksum === CHECKSUM) {
    await client.updateFunction(name, new fc.UpdateFunctionRequest({body: new fc.UpdateFunctionInput({timeout: 9})}));
    return 'skipped the upload';
  }
  const code = new fc.InputCodeLocation({...await upload(), checksum: CHECKSUM});
  const input = {functionName: name, runtime: 'python3.10', handler: 'index.handler', code};
  await client.createFunction(new fc.CreateFunctionRequest({body: new fc.CreateFunctionInput(input)}));
  return 'created';
};
(async () => {
  console.log(JSON.stringify([await deploy('by-object'), await deploy('by-object')]));
})().catch((error) => { console.error(error); process.exit(1); });
"""


def test_case_30_the_second_deployment_sends_no_code(running: Running, tmp_path: Path):
    """The first puts the package into the platform's bucket; the second finds its CRC-64 and leaves it there."""
    content = package()
    (tmp_path / "code.zip").write_bytes(content)
    env = {
        "NODE_PATH": str(node_modules(*PACKAGES)),
        "ENDPOINT": running.endpoint,
        "ACCOUNT": running.account_id,
        "KEY": running.access_key_id,
        "SECRET": running.access_key_secret,
        "PACKAGE": str(tmp_path / "code.zip"),
        "CHECKSUM": str(crc64.xz(content)),
    }
    assert json.loads(run_node(DEPLOY, env)) == ["created", "skipped the upload"]
    client = fc3_client(running)
    answer = client.invoke_function("by-object", fc3_models.InvokeFunctionRequest(body=b"hello"))
    assert answer.body.read() == b"olleh"
    client.delete_function("by-object")


def test_an_object_of_ones_own_is_code_in_every_protocol(running: Running):
    """ossBucketName and ossObjectName, in any bucket of the account."""
    name = "code-of-mine"
    bucket(running, name).put_object("v1.zip", package())
    older = python(running)
    older.create_service("by-object")
    older.create_function("by-object", "old", "python3.10", "index.handler", codeOSSBucket=name, codeOSSObject="v1.zip")
    assert older.invoke_function("by-object", "old", payload=b"ab").data == b"ba"
    code = open_models.Code(oss_bucket_name=name, oss_object_name="v1.zip")
    request = open_models.UpdateFunctionRequest(code=code)
    changed = open_client(running).update_function("by-object", "old", request).body
    assert changed.code_checksum == str(crc64.xz(package()))


def test_an_object_that_is_not_there_is_named(running: Running):
    """400, since asking again won't help."""
    code = fc3_models.InputCodeLocation(oss_bucket_name="no-such-bucket", oss_object_name="x.zip")
    body = fc3_models.CreateFunctionInput(function_name="lost", runtime="python3.10", handler="a.b", code=code)
    error = refused(lambda: fc3_client(running).create_function(fc3_models.CreateFunctionRequest(body=body)))
    assert (error.code, "no-such-bucket" in error.message) == ("InvalidArgument", True)


def test_the_token_is_good_for_one_upload_alone(running: Running):
    """Neither another object nor reading, nor anything else."""
    given = temporary(running)
    keys = given["credentials"]
    sts = oss2.StsAuth(keys["AccessKeyId"], keys["AccessKeySecret"], keys["SecurityToken"])
    place = oss2.Bucket(sts, running.endpoint, given["ossBucket"])
    place.put_object(f"{running.account_id}/{given['objectName']}", b"x")
    for refused_call in (
        lambda: place.put_object(f"{running.account_id}/other", b"x"),
        lambda: place.get_object(f"{running.account_id}/{given['objectName']}"),
        place.list_objects,
    ):
        with pytest.raises(oss2.exceptions.AccessDenied):
            refused_call()


def temporary(running: Running) -> Any:
    return get_json(python(running), "/2016-08-15/tempBucketToken")


def bucket(running: Running, name: str) -> Any:
    made = oss2.Bucket(oss2.Auth(running.access_key_id, running.access_key_secret), running.endpoint, name)
    made.create_bucket()
    return made


def package() -> bytes:
    return b64decode(zip_text({"index.py": "def handler(event, context):\n    return event[::-1]\n"}))
