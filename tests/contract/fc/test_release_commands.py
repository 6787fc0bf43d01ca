"""Gray release by the command line."""

from typer.testing import CliRunner

from liuyun.cli.main import app
from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed

CODE = "def handler(event, context):\n    return context.service.version_id\n"


def test_a_gray_release_by_hand(service: Deployed, running: Running):
    """Publish twice, send a share to the new version, take it back with one command."""

    def liuyun(*arguments: str) -> str:
        keys = {
            "LIUYUN_ENDPOINT": running.endpoint,
            "LIUYUN_ACCOUNT_ID": running.account_id,
            "LIUYUN_ACCESS_KEY_ID": running.access_key_id,
            "LIUYUN_ACCESS_KEY_SECRET": running.access_key_secret,
        }
        done = CliRunner().invoke(app, arguments, env=keys, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    client, name = service.client, service.service
    service.function("f", CODE)
    assert liuyun("version", "publish", name, "--description", "first") == "1\n"
    client.update_function(name, "f", description="new")
    assert liuyun("version", "publish", name) == "2\n"
    assert [line.split("\t")[0] for line in liuyun("version", "list", name).splitlines()] == ["2", "1"]
    liuyun("alias", "set", name, "prod", "1")
    liuyun("alias", "set", name, "prod", "1", "--also", "2=0.5")
    assert liuyun("alias", "list", name) == "prod\t1\t2: 0.5\n"
    versions = [client.invoke_function(name, "f", qualifier="prod").data for _ in range(10)]
    assert sorted(versions) == [b"1"] * 5 + [b"2"] * 5
    liuyun("alias", "rollback", name, "prod")
    assert {client.invoke_function(name, "f", qualifier="prod").data for _ in range(10)} == {b"1"}
