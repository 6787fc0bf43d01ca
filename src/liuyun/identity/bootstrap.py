"""The first start of an installation: its account, its root access key, its console password, its own secrets."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from liuyun.errors import NotFound
from liuyun.identity.vault import Vault
from liuyun.ids import Ids
from liuyun.model.account import AccessKey
from liuyun.settings import Settings
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


async def establish(db: Database, vault: Vault, settings: Settings, ids: Ids) -> RootKeys:
    """The root keys, made on the first start. Preset ones (settings) win on each start and are stored as well."""
    stored = await db.read(lambda tx: read_root(tx, vault))
    root = RootKeys(
        account_id=settings.account_id or (stored.account_id if stored else account_number(ids)),
        access_key_id=settings.access_key_id or (stored.access_key_id if stored else "LY" + ids.hex(10)),
        access_key_secret=revealed(settings.access_key_secret) or (stored.access_key_secret if stored else ids.hex(20)),
        console_password=revealed(settings.console_password) or (stored.console_password if stored else ids.hex(8)),
        fresh=stored is None,
    )

    def work(tx: Transaction) -> None:
        sealed = {
            "access_key_secret": vault.seal(root.access_key_secret),
            "console_password": vault.seal(root.console_password),
        }
        store.set_facts(tx, {"account_id": root.account_id, "access_key_id": root.access_key_id, **sealed})

    await db.write(work)
    return root


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


def revealed(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def account_number(ids: Ids) -> str:
    """16 digits, as the vendor's account ids have."""
    return str(10**15 + int(ids.hex(8), 16) % (9 * 10**15))
