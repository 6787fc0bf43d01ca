"""Secrets that functions are given by name."""

from collections.abc import Callable
from pathlib import Path

import pytest

from liuyun.errors import ConfigNotFound
from liuyun.model.config import ACCOUNT, Kind, Schema, Write
from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed, refused

CODE = "import os\n\ndef handler(event, context):\n    return os.environ['PASSWORD']\n"
NAMED = {"PASSWORD": "{{secret:vault/database}}"}
SetSecret = Callable[[str], None]


@pytest.fixture
def set_secret(running: Running) -> SetSecret:
    """Stores the next text of the secret vault/database."""
    configuration = running.platform.configuration

    async def store(text: str) -> None:
        try:
            configuration.reading.schema("vault")
        except ConfigNotFound:
            schema = Schema(name="vault", document={"type": "string"}, revision=0, kind=Kind.SECRET)
            await configuration.schemas.put(schema, 0)
        known = configuration.reading.newest("vault", ACCOUNT, "database")
        await configuration.entries.put(Write("vault", ACCOUNT, "database", known.newest if known else 0, text))

    return lambda text: running.run(store(text))


def deploy(service: Deployed, environment: dict[str, str]) -> str:
    (service.folder / "index.py").write_text(CODE)
    service.client.create_function(
        service.service, "f", runtime="python3.10", handler="index.handler", codeDir=str(service.folder), timeout=10,
        environmentVariables=environment,
    )  # fmt: skip
    return "f"


def test_a_function_is_given_a_secret_by_its_name(service: Deployed, running: Running, set_secret: SetSecret):
    """It reads the text; everybody else reads the name, and the disk holds neither text."""
    set_secret("first-of-two-texts")
    name = deploy(service, NAMED)
    assert service.invoke(name).data == b"first-of-two-texts"
    assert service.client.get_function(service.service, name).data["environmentVariables"] == NAMED
    stored = b"".join(path.read_bytes() for path in files(running.platform.settings.data))
    assert b"{{secret:vault/database}}" in stored
    assert b"first-of-two-texts" not in stored


def files(data: Path) -> list[Path]:
    return [path for path in data.glob("*.db*") if path.is_file()]


def called(service: Deployed, name: str, qualifier: str) -> bytes:
    return service.client.invoke_function(service.service, name, qualifier=qualifier).data


def test_a_changed_secret_replaces_instances(service: Deployed, set_secret: SetSecret):
    """The next call has the new text, also one of a version."""
    set_secret("old-text")
    name = deploy(service, NAMED)
    version = service.client.publish_version(service.service).data["versionId"]
    for qualifier in ("LATEST", version):
        assert called(service, name, qualifier) == b"old-text"
    set_secret("new-text")
    for qualifier in ("LATEST", version):
        assert called(service, name, qualifier) == b"new-text"


@pytest.mark.usefixtures("set_secret")
def test_a_secret_that_is_not_there_fails_the_start(service: Deployed):
    """The caller learns which one."""
    name = deploy(service, {"PASSWORD": "{{secret:vault/nowhere}}"})
    error = refused(lambda: service.invoke(name))
    assert (error.status_code, error.err_code) == (412, "FunctionNotStarted")
    assert "PASSWORD asks for the secret vault/nowhere, which isn't there" in error.message


def test_a_name_that_is_none_is_refused(service: Deployed):
    """When the function is made, not when it is called."""
    error = refused(lambda: deploy(service, {"PASSWORD": "{{secret:vault database}}"}))
    assert (error.status_code, error.err_code) == (400, "InvalidArgument")
    assert "not of the form {{secret:SCHEMA/KEY}}" in error.message
