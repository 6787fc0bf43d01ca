"""The root keys of an installation, as its database keeps them. Nothing of the settings is needed to read them."""

from dataclasses import dataclass
from pathlib import Path

from liuyun.errors import NotFound
from liuyun.identity.vault import Vault
from liuyun.model.account import AccessKey
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import identity as store


@dataclass(frozen=True, slots=True)
class RootKeys:
    """What the owner of the installation holds. `fresh` on the start that made them, which shows them."""

    account_id: str
    access_key_id: str
    access_key_secret: str
    console_password: str
    fresh: bool = False

    @property
    def access_key(self) -> AccessKey:
        return AccessKey(self.account_id, self.access_key_id, self.access_key_secret)


def vault_of(data: Path) -> Vault:
    return Vault.open(data / "master.key")


def read_root(tx: Transaction, vault: Vault) -> RootKeys | None:
    account_id, access_key_id = store.fact(tx, "account_id"), store.fact(tx, "access_key_id")
    secret, password = store.fact(tx, "access_key_secret"), store.fact(tx, "console_password")
    if account_id is None or access_key_id is None or secret is None or password is None:
        return None
    return RootKeys(account_id, access_key_id, vault.open_sealed(secret), vault.open_sealed(password))


async def stored_root(db: Database, data: Path) -> RootKeys:
    """The keys of an installation that was started before. Raises NotFound."""
    root = await db.read(lambda tx: read_root(tx, vault_of(data)))
    if root is None:
        raise NotFound(f"No platform was started with the data in {data} yet.")
    return root
