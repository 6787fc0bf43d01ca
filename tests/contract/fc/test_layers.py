"""Layers through the vendor's Node client, and what handlers see of them. Case 29 of fc contract 8."""

import json

from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed, node, post, zip_text

HANDLER = """import json, os, sys, shared, second
def handler(event, context):
    files = sorted(os.listdir('/opt/bin'))
    return json.dumps([shared.WHO, second.WHO, files, os.access('/opt/python/shared.py', os.W_OK)])
"""


def layer(service: Deployed, name: str, files: dict[str, str]) -> str:
    body = {"code": {"zipFile": zip_text(files)}, "compatibleRuntime": ["python3"]}
    return post(service.client, f"/layers/{name}/versions", body).json()["arn"]


def test_case_29_the_first_layer_wins(service: Deployed):
    """Of the same file; /opt/python can be imported from, /opt/bin is there, and nothing of it can be changed."""
    first = layer(service, "first", {"python/shared.py": "WHO = 'first'", "bin/tool": ""})
    second = layer(service, "second", {"python/shared.py": "WHO = 'second'", "python/second.py": "WHO = 'second'"})
    code = {"zipFile": zip_text({"index.py": HANDLER})}
    body = {"functionName": "f", "runtime": "python3", "handler": "index.handler", "code": code}
    post(service.client, f"/services/{service.service}/functions", {**body, "layers": [first, second]})
    assert json.loads(service.invoke("f").data) == ["first", "second", ["tool"], False]


def test_node_publishes_layers(running: Running):
    """Every operation of the client, with the ARN escaped in the path and signed as it is sent."""
    script = f"""
      const code = {{zipFile: '{zip_text({"nodejs/node_modules/who/index.js": "module.exports = 'me';"})}'}};
      const made = (await client.publishLayerVersion('node', {{code, compatibleRuntime: ['nodejs20']}})).data;
      await client.publishLayerVersion('node', {{code, description: 'again'}});
      show([
        made.version,
        (await client.getLayerVersion('node', 1)).data.arn === made.arn,
        (await client.getLayerVersionByArn(made.arn)).data.version,
        (await client.listLayerVersions('node')).data.layers.map((layer) => layer.version),
        (await client.listLayers({{prefix: 'node'}})).data.layers.map((layer) => layer.layerName),
      ]);
      await client.putLayerACL('node', {{public: 'true'}});
      await client.deleteLayerVersion('node', 2);
      show((await client.listLayers({{public: 'true'}})).data.layers.map((layer) => [layer.layerName, layer.version]));
    """
    first, second = map(json.loads, node(running, script).splitlines())
    assert first == [1, True, 1, [2, 1], ["node"]]
    assert second == [["node", 1]]
