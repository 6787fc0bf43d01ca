import asyncio
from pathlib import Path

import pytest

from liuyun.cli.connection import find_connection
from liuyun.cli.failure import Failure
from liuyun.identity.bootstrap import establish
from liuyun.identity.root import RootKeys, vault_of
from liuyun.ids import SystemIds
from liuyun.places import DATABASE
from liuyun.settings import load
from liuyun.storage.sqlite import SqliteDatabase

ENVIRONMENT = {
    "LIUYUN_ENDPOINT": "http://elsewhere:7080/",
    "LIUYUN_ACCOUNT_ID": "123456",
    "LIUYUN_ACCESS_KEY_ID": "key",
    "LIUYUN_ACCESS_KEY_SECRET": "secret",
}


def installed(data: Path) -> RootKeys:
    """An installation that was started once."""

    async def main() -> RootKeys:
        db = SqliteDatabase(data / DATABASE)
        keys = await establish(db, vault_of(data), load(data=data), SystemIds())
        await db.close()
        return keys

    return asyncio.run(main())


def test_environment_says_it_all() -> None:
    """With all variables set no data folder is looked at."""
    found = find_connection(ENVIRONMENT, None, None)
    assert (found.endpoint, found.account_id, found.access_key_id) == ("http://elsewhere:7080", "123456", "key")
    assert "secret" not in repr(found)


def test_data_folder_has_the_keys(tmp_path: Path) -> None:
    """The keys and the address of an installation on this machine; a named folder wins over the environment."""
    keys = installed(tmp_path)
    (tmp_path / "endpoint").write_text("http://127.0.0.1:1234\n")
    found = find_connection({**ENVIRONMENT, "LIUYUN_ENDPOINT": ""}, tmp_path, None)
    assert (found.endpoint, found.access_key_secret) == ("http://127.0.0.1:1234", keys.access_key_secret)
    assert find_connection({"LIUYUN_DATA": str(tmp_path)}, None, None).account_id == keys.account_id


def test_given_endpoint_wins(tmp_path: Path) -> None:
    """What stands on the command line is meant."""
    installed(tmp_path)
    assert find_connection(ENVIRONMENT, tmp_path, "http://given:1").endpoint == "http://given:1"


def test_half_an_environment() -> None:
    """Some of the variables are a slip, not a reason to use other keys."""
    with pytest.raises(Failure, match="LIUYUN_ACCESS_KEY_SECRET is not"):
        find_connection({**ENVIRONMENT, "LIUYUN_ACCESS_KEY_SECRET": ""}, None, None)


def test_no_installation(tmp_path: Path) -> None:
    """A folder without a platform's data says how to go on, and stays empty."""
    with pytest.raises(Failure, match="liuyun serve"):
        find_connection({}, tmp_path, None)
    assert not list(tmp_path.iterdir())


def test_endpoint_needs_a_scheme() -> None:
    """A host and port alone are a slip."""
    with pytest.raises(Failure, match="http://"):
        find_connection(ENVIRONMENT, None, "127.0.0.1:7080")
