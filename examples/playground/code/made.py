"""A function made of a program: each request is its input, what it prints the answer."""

import json
from pathlib import Path

from index import answer, wanted

PROGRAM = Path(__file__).parent / "program.json"


def web(environ, start_response):
    """WSGI. Without a body the query is the input; a program that fails is answered by 500 and what it said."""
    given = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode("utf-8", "replace")
    ran = answer(wanted({**json.loads(PROGRAM.read_text()), "input": given or environ.get("QUERY_STRING", "")}))
    worked = ran["exit"] == 0
    start_response("200 OK" if worked else "500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
    return [(ran["stdout"] if worked else f"{ran['stdout']}{ran['stderr']}{ran['note']}\n").encode()]
