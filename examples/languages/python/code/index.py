"""An event function and a web application in Python, sharing what the initializer prepared."""

import json
import logging
from urllib.parse import parse_qs

greetings = {}
log = logging.getLogger()


def prepare(context):
    """Runs once for each instance, before its first call."""
    greetings.update({"en": "Hello", "fr": "Bonjour", "zh": "你好"})


def greet(event, context):
    """`event` is bytes; what is returned becomes JSON."""
    asked = json.loads(event or b"{}")
    log.info("greeting %s for request %s", asked.get("name"), context.request_id)
    return {"greeting": sentence(asked.get("language", "en"), asked.get("name", "world"))}


def web(environ, start_response):
    """Any WSGI application is an HTTP function; a framework's `app` works the same."""
    query = parse_qs(environ["QUERY_STRING"])
    language, name = query.get("language", ["en"])[0], query.get("name", ["world"])[0]
    if language not in greetings:
        start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
        return [f"No greeting in '{language}'.\n".encode()]
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{sentence(language, name)}\n".encode()]


def sentence(language, name):
    return f"{greetings[language]}, {name}!"
