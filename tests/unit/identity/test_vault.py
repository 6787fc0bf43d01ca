import stat
from pathlib import Path

import pytest

from liuyun.errors import Unavailable
from liuyun.identity.bootstrap import establish
from liuyun.identity.root import stored_root
from liuyun.identity.vault import Vault
from liuyun.settings import load
from liuyun.storage.sqlite import MemoryDatabase
from liuyun.testing.ids import CountingIds
from tests.conftest import run


def test_a_secret_is_sealed_at_rest(tmp_path: Path):
    """What is stored doesn't show the secret, and the key file is its owner's alone."""
    vault = Vault.open(tmp_path / "master.key")
    sealed = vault.seal("hush")
    assert "hush" not in sealed
    assert Vault.open(tmp_path / "master.key").open_sealed(sealed) == "hush"
    assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600


def test_another_installation_cannot_read_it(tmp_path: Path):
    """A sealed secret belongs to one master key."""
    sealed = Vault.open(tmp_path / "a").seal("hush")
    with pytest.raises(Unavailable, match=r"master\.key"):
        Vault.open(tmp_path / "b").open_sealed(sealed)


def test_the_first_start_makes_keys_that_last(tmp_path: Path, ids: CountingIds):
    """Later starts have the same keys, and only the first calls them fresh."""

    async def main():
        db, vault = MemoryDatabase(), Vault.open(tmp_path / "master.key")
        first = await establish(db, vault, load(), ids)
        second = await establish(db, vault, load(), ids)
        assert (first.fresh, second.fresh) == (True, False)
        assert first.access_key == second.access_key == (await stored_root(db, tmp_path)).access_key

    run(main())


def test_preset_keys_win(tmp_path: Path, ids: CountingIds):
    """An operator's own key replaces the one that was made."""

    async def main():
        db, vault = MemoryDatabase(), Vault.open(tmp_path / "master.key")
        await establish(db, vault, load(), ids)
        preset = load(account_id="1234567890", access_key_id="AKID", access_key_secret="SECRET")
        root = await establish(db, vault, preset, ids)
        assert (root.account_id, root.access_key_id, root.access_key_secret) == ("1234567890", "AKID", "SECRET")

    run(main())
