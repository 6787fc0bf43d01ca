"""The playground: programs in each language of this machine, and programs that want too much."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import requests
from alibabacloud_tea_util.models import RuntimeOptions

from liuyun.cli.client import Client
from liuyun.cli.client.transport import Connection
from liuyun.cli.deploy.command import carry_out, prepare
from liuyun.testing.platform import Running, running_platform
from tests.contract.fc.tea import fc3_client, fc3_models

PLAYGROUND = Path(__file__).parents[2] / "examples/playground/s.yaml"
PATIENT = RuntimeOptions(read_timeout=90_000)
PASSWORD = "correct horse battery"
FORK_BOMB = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass\n"
Run = Callable[..., dict[str, Any]]


@contextmanager
def running_playground(data: Path, **settings: Any) -> Iterator[Running]:
    with running_platform(data, standard_layer=False, **settings) as platform:
        client = Client(
            Connection(platform.endpoint, platform.account_id, platform.access_key_id, platform.access_key_secret)
        )
        carry_out(client, prepare(client, PLAYGROUND, {}))
        client.functions._transport._http.close()
        yield platform


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_playground(tmp_path_factory.mktemp("platform"), console_password=PASSWORD) as platform:
        yield platform


@pytest.fixture(scope="module")
def call(running: Running) -> Run:
    return caller(running)


def caller(running: Running) -> Run:
    """Asks the engine through the vendor's client."""
    client = fc3_client(running)

    def call(**event: Any) -> dict[str, Any]:
        request = fc3_models.InvokeFunctionRequest(body=json.dumps(event).encode())
        answer = client.invoke_function_with_options("playground", request, fc3_models.InvokeFunctionHeaders(), PATIENT)
        return json.loads(answer.body.read())

    return call


@pytest.fixture(scope="module")
def browser(running: Running) -> Iterator[requests.Session]:
    """Signed in, as the console's pages are."""
    with requests.Session() as browser:
        given = {"name": "admin", "password": PASSWORD}
        signed_in = browser.post(f"{running.endpoint}/api/session", json=given, timeout=60).json()
        browser.headers["X-CSRF-Token"] = signed_in["csrfToken"]
        yield browser


@pytest.fixture
def python(call: Run) -> Run:
    return lambda code, **more: call(language="python", code=code, **more)


def test_each_language_of_this_machine_runs_its_example(call: Run):
    """Compiled ones too; which there are depends on the machine, but for three."""
    languages = call(call="languages")["languages"]
    assert {"python", "node", "bash"} <= {language["name"] for language in languages}
    for language in languages:
        ran = call(language=language["name"], code=language["example"]["code"], input="流云\n")
        assert (ran["exit"], ran["note"]) == (0, ""), (language["name"], ran)
        assert ran["stdout"].startswith("Hello, 流云!\n"), (language["name"], ran)
        assert ran["memory"] > 0, language["name"]


def test_a_program_ends_as_it_says(python: Run):
    """Both streams, the exit code, and what the program was given."""
    ran = python("import sys\nprint(sys.stdin.read())\nprint('no', file=sys.stderr)\nsys.exit(3)", input="a\nb")
    assert (ran["stdout"], ran["stderr"], ran["exit"], ran["note"]) == ("a\nb\n", "no\n", 3, "")


def test_what_does_not_compile_is_answered_by_the_compiler(call: Run):
    """There is nothing to run then."""
    compiled = next(each for each in call(call="languages")["languages"] if each["compiled"])
    ran = call(language=compiled["name"], code="this is no program\n")
    assert (ran["stage"], ran["note"], ran["reason"]) == ("compile", "It did not compile.", "compile")
    assert ran["exit"] != 0
    assert ran["stderr"]


@pytest.mark.parametrize("language", ["cobol-1959", "", None])
def test_who_asks_for_another_language_is_told_which_there_are(call: Run, language: str | None):
    """Missing is as good as unknown."""
    asked = {} if language is None else {"language": language}
    error = call(code="x", **asked)["error"]
    assert "there are: python, " in error


@pytest.mark.parametrize("goes_on", ["while True: pass", "import time\ntime.sleep(1000)"])
def test_what_does_not_end_is_stopped(python: Run, goes_on: str):
    """Whether it works or sleeps. What it printed until then is shown."""
    ran = python(f"print('so far', flush=True)\n{goes_on}", seconds=2)
    assert (ran["stdout"], ran["note"], ran["reason"]) == ("so far\n", "Stopped after 2 s.", "time")


def test_a_crash_is_told_by_its_signal(python: Run):
    """And the exit code is as a shell says it."""
    ran = python("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)")
    assert (ran["exit"], ran["reason"]) == (139, "signal")


def test_output_need_not_be_text(python: Run):
    """What is no UTF-8 is replaced; a character may come in two pieces."""
    ran = python("import os, time\nos.write(1, b'a\\xff\\xe6')\ntime.sleep(.05)\nos.write(1, b'\\xb5\\x81')")
    assert ran["stdout"] == "a\ufffd\u6d41"


def test_a_fork_bomb_is_stopped(python: Run):
    """All of it, however quickly it grows: by its number or by its time, whichever comes first on this machine."""
    ran = python(FORK_BOMB, seconds=5)
    assert ran["reason"] in {"processes", "time"}
    assert ran["note"] in {"Stopped: it had more than 128 processes and threads.", "Stopped after 5 s."}
    assert python("print('next')")["stdout"] == "next\n"


def test_ten_megabytes_of_output_are_cut(python: Run):
    """The program goes on; what came first is kept, of each stream."""
    ran = python("import sys\nfor s in sys.stdout, sys.stderr: s.write('x' * 10_000_000)")
    assert (len(ran["stdout"]), len(ran["stderr"]), ran["exit"]) == (65536, 65536, 0)
    assert ran["note"] == "Output cut at 64 KB. Error output cut at 64 KB."
    assert ran["cut"] == ["stdout", "stderr"]


def test_endless_output_is_stopped(call: Run):
    """Before the time is over."""
    ran = call(language="bash", code="yes")
    assert ran["note"].startswith("Stopped: it printed more than 32 MB.")
    assert (ran["reason"], len(ran["stdout"])) == ("output", 65536)


def test_a_memory_bomb_is_stopped(python: Run):
    """One that grows, and one that asks for all at once."""
    grown = python("all = []\nwhile True: all.append(bytearray(1_000_000))")
    assert (grown["note"], grown["reason"]) == ("Stopped: it used more than 512 MB of memory.", "memory")
    assert python("print('next')")["stdout"] == "next\n"


def test_a_program_has_neither_credentials_nor_traces_of_the_one_before(python: Run):
    """Each has a sandbox of its own."""
    look = "import glob, os\nall = b''.join(open(f, 'rb').read() for f in glob.glob('/proc/[0-9]*/environ'))\n"
    look += "print(b'_KEY' in all, b'TOKEN' in all, os.path.exists('/tmp/trace'))"
    python("open('/tmp/trace', 'w').write('x')")
    assert python(look)["stdout"] == "False False False\n"


def test_what_stays_in_the_background_is_waited_for_and_bounded(call: Run):
    """As a shell's pipe would wait, until the time is over."""
    assert call(language="bash", code="(sleep 0.1; echo late) &")["stdout"] == "late\n"
    assert call(language="bash", code="sleep 100 &", seconds=1)["note"] == "Stopped after 1 s."


def test_the_page_runs_programs_and_makes_functions_of_them(running: Running, browser: requests.Session):
    """Through the console's API; what is made answers requests with what the program prints."""
    playground = f"{running.endpoint}/api/playground"
    python = browser.get(playground, timeout=60).json()["languages"][0]
    program = {"language": python["name"], "code": python["example"]["code"]}
    ran = browser.post(f"{playground}/run", json={**program, "input": "page\n"}, timeout=60).json()
    assert ran["stdout"].startswith("Hello, page!\n")
    made = browser.post(f"{playground}/functions", json={**program, "name": "hello"}, timeout=60).json()
    again = browser.post(f"{playground}/functions", json={**program, "name": "hello"}, timeout=60)
    assert again.status_code == 409
    url = running.endpoint + made["path"]
    assert requests.post(url, data="body", timeout=60).text.startswith("Hello, body!\n")
    failed = requests.get(url, timeout=60)
    assert (failed.status_code, "EOFError" in failed.text) == (500, True)


def test_output_comes_while_the_program_runs_and_hanging_up_ends_it(running: Running, browser: requests.Session):
    """Both streams, told apart, in their order. Nothing of the program is left when its reader has gone."""
    name = f"{4000 + os.getpid()}.125"
    program = {"language": "bash", "code": f"echo one; sleep .2; echo two >&2; sleep .2; echo three; sleep {name}"}
    with browser.post(f"{running.endpoint}/api/playground/stream", json=program, stream=True, timeout=60) as answer:
        lines = answer.iter_lines(chunk_size=1)  # kept, or the connection would go with it
        events = [json.loads(next(lines)) for _ in range(4)]
        printed = [(event["event"], event.get("text")) for event in events]
        assert printed == [("running", None), ("stdout", "one\n"), ("stderr", "two\n"), ("stdout", "three\n")]
        wait_until(lambda: processes(name))
    wait_until(lambda: not processes(name))


def test_the_last_line_says_how_it_ended(running: Running, browser: requests.Session):
    """What came before isn't said again."""
    program = {"language": "python", "code": "print(input())\nexit(3)", "input": "given"}
    answer = browser.post(f"{running.endpoint}/api/playground/stream", json=program, timeout=60)
    assert answer.headers["content-type"] == "application/x-ndjson"
    began, *printed, last = map(json.loads, answer.text.splitlines())
    assert began == {"event": "running"}
    assert ({event["event"] for event in printed}, joined(printed)) == ({"stdout"}, "given\n")
    assert (last["event"], last["end"]["exit"], last["end"]["reason"]) == ("end", 3, "")
    assert "stdout" not in last["end"]


def test_a_program_that_ends_its_sandbox_is_told_so(running: Running, browser: requests.Session):
    """What it printed until then has come already."""
    program = {"language": "python", "code": "import os, time\nprint('so far')\ntime.sleep(.3)\nos.kill(-1, 9)"}
    answer = browser.post(f"{running.endpoint}/api/playground/stream", json=program, timeout=60)
    _, *printed, last = map(json.loads, answer.text.splitlines())
    assert (joined(printed), last["end"]["reason"]) == ("so far\n", "lost")


def test_what_the_engine_refuses_is_no_stream(running: Running, browser: requests.Session):
    """It is an answer as any other."""
    program = {"language": "cobol-1959", "code": "x"}
    answer = browser.post(f"{running.endpoint}/api/playground/stream", json=program, timeout=60)
    assert (answer.status_code, "there are: python" in answer.json()["message"]) == (400, True)


def joined(events: list[dict[str, Any]]) -> str:
    return "".join(event["text"] for event in events)


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline


def processes(argument: str) -> list[str]:
    """Of this machine, in sandboxes too, that were begun with it."""
    found: list[str] = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = path.read_bytes().decode("utf-8", "replace").split("\0")
            if argument in words:
                found.append(path.parent.name)
    return found


def test_a_program_that_ends_its_sandbox_ends_no_other(python: Run):
    """It may: everything in there is its own. The platform says so, and goes on."""
    assert "Process exited unexpectedly" in python("import os\nos.kill(-1, 9)")["errorMessage"]
    assert python("print('next')")["stdout"] == "next\n"


def test_a_file_that_grows_too_large_is_named(python: Run):
    """Whether a signal ends the program or its language says it first."""
    ran = python("with open('large', 'wb') as file:\n    while True: file.write(b'x' * 1_000_000)")
    assert ran["note"] == "It wrote a file of more than 64 MB."


def test_without_isolation_only_its_own_processes_are_watched(tmp_path: Path):
    """The machine's others neither delay an answer nor are ended with the program."""
    with running_playground(tmp_path, isolation="process") as platform:
        call = caller(platform)
        assert call(language="bash", code="(sleep 0.1; echo late) &")["stdout"] == "late\n"
        assert call(language="bash", code="sleep 100 & sleep 100", seconds=1)["note"] == "Stopped after 1 s."
