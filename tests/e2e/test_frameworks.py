"""Web frameworks nobody here wrote: as HTTP functions of the Python runtime, and as servers of custom runtimes.

What they need is installed from their `requirements.txt` when they are deployed.
"""

from collections.abc import Iterator

import fc2
import pytest
import requests

from liuyun.testing.platform import Running, running_platform
from tests.contract.fc.clients import Deployed, custom_function

FLASK = """
from flask import Flask, jsonify, make_response, request

app = Flask(__name__)

@app.route("/<name>", methods=["GET", "POST"])
def greet(name):
    answer = make_response(jsonify(name=name, query=request.args.getlist("q"), body=request.get_data(as_text=True)))
    answer.set_cookie("a", "1")
    answer.set_cookie("b", "2")
    return answer
"""
DJANGO = """
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

def greet(request, name):
    body = request.body.decode()
    answer = JsonResponse({"name": name, "query": request.GET.getlist("q"), "body": body})
    answer.set_cookie("a", "1")
    answer.set_cookie("b", "2")
    return answer

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x", DEBUG=False)
urlpatterns = [path("<str:name>", greet)]
app = get_wsgi_application()
"""
FASTAPI = """
from fastapi import FastAPI, Request, Response

app = FastAPI()

@app.api_route("/{name}", methods=["GET", "POST"])
async def greet(name: str, request: Request, response: Response):
    body = (await request.body()).decode()
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return {"name": name, "query": request.query_params.getlist("q"), "body": body}
"""
# Any WSGI server would do; the standard library has one.
SERVE = """
import os
from wsgiref.simple_server import make_server
from index import app

make_server("0.0.0.0", int(os.environ["FC_SERVER_PORT"]), app).serve_forever()
"""
WSGI = {"command": ["python3", "serve.py"]}
GUNICORN = {"command": ["gunicorn", "--bind", "0.0.0.0:9000", "index:app"]}
UVICORN = {"command": ["python3", "-m", "uvicorn", "index:app", "--host", "0.0.0.0", "--port", "9000"]}
# The frameworks' own paths begin at the root, so the custom ones take the whole path of the proxy URL off.
STRIP = """
def below(prefix, app):
    def strip(environ, start_response):
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = prefix, environ["PATH_INFO"].removeprefix(prefix)
        return app(environ, start_response)
    return strip
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_platform(tmp_path_factory.mktemp("platform"), standard_layer=False) as platform:
        yield platform


@pytest.fixture(scope="module")
def service(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    keys = {"accessKeyID": running.access_key_id, "accessKeySecret": running.access_key_secret}
    client = fc2.Client(endpoint=running.endpoint, **keys)
    client.timeout = 300  # the packages come from PyPI
    return Deployed(client, tmp_path_factory.mktemp("frameworks"), "frameworks")


def opened(service: Deployed, name: str, files: dict[str, str], **options: object) -> str:
    """The path of a function that everybody may call."""
    custom_function(service, name, files, memorySize=512, timeout=60, **options)
    config = {"authType": "anonymous", "methods": ["GET", "POST"]}
    service.client.create_trigger(service.service, name, "web", "http", config, None, None)
    return f"/2016-08-15/proxy/{service.service}/{name}"


def check(running: Running, path: str) -> None:
    answer = requests.post(f"{running.endpoint}{path}/Li?q=1&q=2", data="body", timeout=120)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"name": "Li", "query": ["1", "2"], "body": "body"}
    assert [cookie.partition(";")[0] for cookie in answer.raw.headers.getlist("set-cookie")] == ["a=1", "b=2"]
    assert requests.get(f"{running.endpoint}{path}/no/such/page", timeout=60).status_code == 404


@pytest.mark.parametrize(("name", "code", "needs"), [("flask", FLASK, "flask>=3"), ("django", DJANGO, "django>=4.2")])
def test_a_wsgi_application_is_an_http_function(running: Running, service: Deployed, name: str, code: str, needs: str):
    """Its `app` is the handler."""
    files = {"index.py": code, "requirements.txt": needs}
    check(running, opened(service, name, files, runtime="python3", handler="index.app", instanceConcurrency=1))


SERVERS = [("flask", FLASK, "flask>=3\ngunicorn>=23", GUNICORN), ("django", DJANGO, "django>=4.2", WSGI)]


@pytest.mark.parametrize("served", SERVERS, ids=["flask", "django"])
def test_a_wsgi_application_is_a_custom_runtime(
    running: Running, service: Deployed, served: tuple[str, str, str, dict[str, list[str]]]
):
    """Behind a server of its own; it sees the whole path of the proxy URL."""
    name, code, needs, command = served
    function = f"{name}-custom"
    mounted = f"{code}{STRIP}\napp = below('/2016-08-15/proxy/{service.service}/{function}', app)\n"
    files = {"index.py": mounted, "serve.py": SERVE, "requirements.txt": needs}
    check(running, opened(service, function, files, customRuntimeConfig=command))


def test_an_asgi_application_is_a_custom_runtime(running: Running, service: Deployed):
    """FastAPI on uvicorn."""
    root = f"/2016-08-15/proxy/{service.service}/fastapi"
    files = {
        "index.py": FASTAPI.replace("FastAPI()", f"FastAPI(root_path='{root}')"),
        "requirements.txt": "fastapi>=0.110\nuvicorn>=0.30",
    }
    check(running, opened(service, "fastapi", files, customRuntimeConfig=UVICORN))
