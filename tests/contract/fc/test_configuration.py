"""Configuration as functions read it, in Python and in Node.js."""

import json

import pytest

from liuyun.testing.platform import Running
from tests.configuration import import_configuration
from tests.contract.fc.clients import Deployed

PYTHON = """
import json, urllib.request
import liuyun_config

HOST = 'http://liuyun-config.aliyuncs.com'

def handler(event, context):
    with urllib.request.urlopen(HOST + '/api/config/values/discount/weixin?tenant=books') as answer:
        plain = json.load(answer)
    try:
        urllib.request.urlopen(HOST + '/api/config/entries/discount/weixin')
    except urllib.error.HTTPError as refusal:
        more = refusal.code
    return {
        'plain': plain,
        'more': more,
        'value': liuyun_config.value('discount', 'weixin'),
        'tenant': liuyun_config.value('discount', 'weixin', tenant='books'),
        'none': liuyun_config.value('discount', 'points', 'nothing'),
        'values': liuyun_config.values('discount', tenant='books'),
        'secret': liuyun_config.values('password'),
    }
"""
NODE = """
const http = require('http');
const config = require('liuyun-config');
const get = (path) => new Promise((resolve, reject) => {
  http.get(`http://liuyun-config.aliyuncs.com${path}`, (answer) => {
    let text = '';
    answer.on('data', (part) => { text += part; });
    answer.on('end', () => resolve({ code: answer.statusCode, text }));
  }).on('error', reject);
});
exports.handler = async () => ({
  plain: JSON.parse((await get('/api/config/values/discount/weixin?tenant=books')).text),
  more: (await get('/api/config/entries/discount/weixin')).code,
  value: await config.value('discount', 'weixin'),
  tenant: await config.value('discount', 'weixin', { tenant: 'books' }),
  none: await config.value('discount', 'points', { fallback: 'nothing' }),
  values: await config.values('discount', { tenant: 'books' }),
  secret: await config.values('password'),
});
"""


@pytest.fixture(scope="module")
def configured(running: Running) -> None:
    """A configuration with one entry, which the bookshop changes, and a secret."""
    document = {
        "schemas": [
            {"name": "discount", "document": {"type": "object"}},
            {"name": "password", "document": {"type": "string"}, "kind": "secret"},
        ],
        "entries": [
            {"schema": "discount", "key": "weixin", "value": {"percent": 50, "label": "WeChat"}},
            {"schema": "discount", "scope": "tenant/books", "key": "weixin", "value": {"percent": 30}},
            {"schema": "password", "key": "database", "value": "hunter2"},
        ],
    }
    import_configuration(running, document)


@pytest.mark.parametrize(
    ("runtime", "file", "text"), [("python3.10", "index.py", PYTHON), ("nodejs20", "index.js", NODE)]
)
@pytest.mark.usefixtures("configured")
def test_a_function_reads_configuration(service: Deployed, runtime: str, file: str, text: str):
    """By plain HTTP and by the client that is there; its tenant's values, no secrets, and nothing else of the API."""
    (service.folder / file).write_text(text)
    service.client.create_function(
        service.service, "reader", runtime=runtime, handler="index.handler", codeDir=str(service.folder), timeout=20
    )
    books = {"percent": 30, "label": "WeChat"}
    assert json.loads(service.invoke("reader").data) == {
        "plain": books,
        "more": 403,
        "value": {"percent": 50, "label": "WeChat"},
        "tenant": books,
        "none": "nothing",
        "values": {"weixin": books},
        "secret": {},
    }
