"""The first start of an installation: its account, its root access key, its console password, its own secrets."""

from pydantic import SecretStr

from liuyun.identity.root import RootKeys, read_root
from liuyun.identity.vault import Vault
from liuyun.ids import Ids
from liuyun.settings import Settings
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import identity as store


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


def revealed(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def account_number(ids: Ids) -> str:
    """16 digits, as the vendor's account ids have."""
    return str(10**15 + int(ids.hex(8), 16) % (9 * 10**15))
