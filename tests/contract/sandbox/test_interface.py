"""`[egress] mode = "full"`: a real interface where the machine has slirp4netns, a clear refusal where it hasn't."""

import json
import os
from pathlib import Path

import pytest

from liuyun.compute.sandbox.interface import attach, missing
from liuyun.errors import Unavailable
from tests.conftest import run
from tests.contract.runtime.stage import Stage, call, on_stage

LOOK = """
    import os, socket
    def told(address):
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                sock.connect((address, 9))
                return "a way"
        except OSError as error:
            return error.strerror
    def handler(event, context):
        interfaces = [name for _, name in socket.if_nameindex()]
        ways = {address: told(address) for address in event.decode().split()}
        return {"interfaces": interfaces, "ways": ways, "proxy": os.environ.get("http_proxy")}
"""
INNER = ("10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.100.100.200")
FULL = {"mode": "full", "allow": ["10.7.0.0/16"]}


def test_a_function_has_an_interface_that_leads_to_the_internet_alone(tmp_path: Path):
    """Inner addresses are denied by routes, but for those that the operator allows; no proxy is named.

    Where slirp4netns isn't there, the function doesn't start and the error says what to install.
    """

    async def act(stage: Stage) -> bytes:
        stage.deploy(LOOK)
        return (await stage.invoke(" ".join(("93.184.215.14", "10.7.0.1", *INNER)).encode())).payload

    if missing():
        with pytest.raises(Unavailable, match="slirp4netns"):
            on_stage(tmp_path, act, egress=FULL)
        return
    seen = json.loads(on_stage(tmp_path, act, egress=FULL))
    assert (seen["interfaces"], seen["proxy"]) == (["lo", "tap0"], None)
    assert {seen["ways"].pop(address) for address in ("93.184.215.14", "10.7.0.1")} == {"a way"}
    assert seen["ways"] == dict.fromkeys(INNER, "Permission denied")
    assert "slirp4netns" not in names_of_children()


def names_of_children() -> list[str]:
    """What this process has started and not yet seen the end of."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [Path(f"/proc/{pid}/comm").read_text().strip() for pid in children]


def test_a_machine_without_the_program_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch):
    """And what needs none."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Unavailable, match=r"slirp4netns is not installed.*the package slirp4netns.*mode = \"proxy\""):
        run(attach(os.getpid()))


def test_a_service_without_internet_access_has_none(tmp_path: Path):
    """Its functions see their loopback and nothing else, whatever the machine has."""

    async def act(stage: Stage) -> bytes:
        stage.deploy(LOOK, internet=False)
        return (await stage.invoke(b"93.184.215.14")).payload

    seen = json.loads(on_stage(tmp_path, act, egress=FULL))
    assert seen == {"interfaces": ["lo"], "ways": {"93.184.215.14": "Network is unreachable"}, "proxy": None}


def test_by_default_there_is_a_proxy_and_no_interface(tmp_path: Path):
    """Under the names that programs look for; WSGI's namesake isn't one of them."""
    code = """
        import os, socket
        def handler(event, context):
            names = ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "HTTP_PROXY")
            return [len(socket.if_nameindex()), *(os.environ.get(name) for name in names)]
    """
    assert json.loads(call(tmp_path, code).payload) == [1, *["http://127.0.0.1:3128"] * 5, None]
