"""Object storage as functions see it: by the vendor's host names, with the credentials of their role."""

import json
from typing import Any

import oss2

from liuyun.testing.platform import Running
from tests.contract.fc.clients import zip_text
from tests.contract.fc.tea import fc3_client, fc3_models

ROLE = "acs:ram::1234567890123456:role/test"
CODE = """
import base64, hashlib, hmac, json, urllib.request
from email.utils import formatdate

def ask(context, method, host, path, resource, body=None):
    keys, date = context.credentials, formatdate(usegmt=True)
    headers = f'x-oss-security-token:{keys.security_token}\\n'
    text = f'{method}\\n\\napplication/x-test\\n{date}\\n{headers}{resource}'
    digest = hmac.new(keys.access_key_secret.encode(), text.encode(), hashlib.sha1).digest()
    signature = base64.b64encode(digest).decode()
    request = urllib.request.Request(f'http://{host}{path}', data=body, method=method, headers={
        'Date': date, 'Authorization': f'OSS {keys.access_key_id}:{signature}', 'Content-Type': 'application/x-test',
        'x-oss-security-token': keys.security_token,
    })
    return urllib.request.urlopen(request, timeout=10).read().decode()

def handler(event, context):
    by_path, by_name = 'oss-cn-hangzhou-internal.aliyuncs.com', 'from-inside.oss-cn-hangzhou.aliyuncs.com'
    ask(context, 'PUT', by_path, '/from-inside/k', '/from-inside/k', event)
    return json.dumps([ask(context, 'GET', by_name, '/k', '/from-inside/k')])
"""


def test_a_function_uses_buckets_with_its_own_credentials(running: Running):
    """The bucket may stand in the path or in the host's name."""
    client: Any = fc3_client(running)
    oss2.Bucket(
        oss2.Auth(running.access_key_id, running.access_key_secret), running.endpoint, "from-inside"
    ).create_bucket()
    code = fc3_models.InputCodeLocation(zip_file=zip_text({"index.py": CODE}))
    body = fc3_models.CreateFunctionInput(
        function_name="inside", runtime="python3.10", handler="index.handler", code=code, role=ROLE, timeout=20
    )
    client.create_function(fc3_models.CreateFunctionRequest(body=body))
    answer = client.invoke_function("inside", fc3_models.InvokeFunctionRequest(body=b"hello"))
    assert json.loads(answer.body.read()) == ["hello"]
