"""The 2016 API through the vendor's Node client. Acceptance cases of fc contract 8: 2, 5, 20."""

import json

from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed, node, zip_text

ECHO = "def handler(event, context):\n    return event\n"


def test_case_2_the_odd_digest_is_accepted(running: Running):
    """Requests with a body carry the client's own kind of Content-MD5, and are signed with it."""
    code = zip_text({"index.py": ECHO})
    script = f"""
      await client.createService('node1', {{description: 'a'}});
      const made = await client.createFunction('node1', {{
        functionName: 'f', runtime: 'python3', handler: 'index.handler', timeout: 10, code: {{zipFile: '{code}'}},
      }});
      const updated = await client.updateService('node1', {{description: 'b'}});
      const listed = await client.listFunctions('node1', {{limit: 5}});
      show([made.data.functionName, updated.data.description, listed.data.functions.length]);
      await client.deleteFunction('node1', 'f');
      await client.deleteService('node1');
    """
    assert json.loads(node(running, script)) == ["f", "b", 1]


def test_case_5_a_missing_function_has_its_name(service: Deployed, running: Running):
    """The client makes an error's name of the code."""
    script = f"""
      try {{ await client.getFunction('{service.service}', 'nowhere'); }}
      catch (error) {{ show([error.name, error.code]); }}
    """
    assert json.loads(node(running, script)) == ["FCFunctionNotFoundError", "FunctionNotFound"]


def test_code_links_lead_back_to_the_port(service: Deployed, running: Running):
    """The client's Host header has no port; the link that it is given has."""
    service.function("f", ECHO)
    script = f"show((await client.getFunctionCode('{service.service}', 'f')).data.url)"
    assert json.loads(node(running, script)).startswith(f"{running.endpoint}/")


def test_events_and_answers_go_through(service: Deployed, running: Running):
    """A called function's answer is a text, its headers describe the call."""
    service.function("f", ECHO)
    script = f"""
      const answer = await client.invokeFunction('{service.service}', 'f', 'hello', {{'x-fc-log-type': 'Tail'}});
      show([answer.data, answer.headers['x-fc-request-id'].length]);
    """
    assert json.loads(node(running, script)) == ["hello", 36]


def test_case_20_a_killed_process_is_a_bad_gateway(service: Deployed, running: Running):
    """An HTTP function that ends its process is answered with 502 and says so."""
    service.http_function("f", "import os\ndef handler(environ, start_response):\n    os._exit(1)\n")
    script = f"""
      try {{ await client.post('/proxy/{service.service}/f/', 'x', {{}}); show('no error'); }}
      catch (error) {{ show([error.name, error.message]); }}
    """
    name, message = json.loads(node(running, script))
    assert name == "FCundefinedError"
    assert "failed with 502" in message
    assert "Process exited unexpectedly before completing request" in message
