"""Access keys of users. The root key stands beside them, and can be neither disabled nor deleted: the one who runs the
platform always gets in.

What changes here, or of a key's user, counts before the change is answered: the keyring is read anew after each commit.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from liuyun.clock import Clock
from liuyun.errors import AccessKeyNotFound, Conflict
from liuyun.identity.keyring import Keyring
from liuyun.identity.users import existing
from liuyun.identity.vault import Vault
from liuyun.ids import Ids
from liuyun.model.account import AccessKey, Principal, PrincipalKind, UserKey
from liuyun.model.people import Role, User
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import access_keys as store
from liuyun.storage.stores import people

PACE_MS = 60_000
DESCRIPTION = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySeen:
    """A key as it may be shown. The root key has no `user`; nobody knows when it was made."""

    access_key_id: str
    user: str
    role: Role
    description: str
    disabled: bool
    created_at: int | None
    last_used_at: int | None
    is_root: bool = False


class AccessKeys:
    """`most`: how many keys one user may have."""

    def __init__(
        self, *, db: Database, clock: Clock, ids: Ids, vault: Vault, root: AccessKey, keyring: Keyring, most: int
    ) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._vault = vault
        self._root = root
        self._keyring = keyring
        self._most = most
        self._reading = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self.refresh()
        self._task = asyncio.create_task(self._store_uses_forever(), name="uses of access keys")

    async def close(self, drain_s: float = 0) -> None:  # noqa: ARG002 - there is nothing to wait for
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        await self.store_uses()

    async def everything(self, user: str | None = None) -> list[KeySeen]:
        """All keys, the root key first; or those of one user."""
        seen = await self._db.read(self._seen)
        return [key for key in seen if user is None or (key.user == user and not key.is_root)]

    async def get(self, access_key_id: str) -> KeySeen:
        """Raises AccessKeyNotFound."""
        for key in await self.everything():
            if key.access_key_id == access_key_id:
                return key
        raise AccessKeyNotFound(access_key_id)

    async def create(self, user: str, description: str = "") -> tuple[KeySeen, str]:
        """The key and its secret, which nobody can ask for again. Raises UserNotFound, or Conflict at `most`."""
        secret = self._ids.hex(20)
        key = UserKey(
            access_key_id="LY" + self._ids.hex(10),
            user=user,
            sealed=self._vault.seal(secret),
            description=description[:DESCRIPTION],
            created_at=self._clock.now(),
        )

        def work(tx: Transaction) -> None:
            existing(tx, user)
            if store.count_of(tx, user) >= self._most:
                raise Conflict(
                    "keys_most",
                    "{user} has {most} access keys, which is the most; delete one first",
                    user=user,
                    most=self._most,
                )
            store.insert(tx, key)

        await self._change(work)
        return await self.get(key.access_key_id), secret

    async def change(
        self, access_key_id: str, *, disabled: bool | None = None, description: str | None = None
    ) -> KeySeen:
        """None leaves a part as it is. Raises AccessKeyNotFound, or Conflict for the root key."""

        def work(tx: Transaction) -> None:
            key = self._own(tx, access_key_id)
            store.update(tx, replace(
                key,
                disabled=key.disabled if disabled is None else disabled,
                description=key.description if description is None else description[:DESCRIPTION],
            ))  # fmt: skip

        await self._change(work)
        return await self.get(access_key_id)

    async def delete(self, access_key_id: str) -> None:
        """Raises AccessKeyNotFound, or Conflict for the root key."""

        def work(tx: Transaction) -> None:
            self._own(tx, access_key_id)
            store.delete(tx, access_key_id)

        await self._change(work)

    async def refresh(self) -> None:
        """To be asked after users have changed. Readers queue, so that no older reading is the last."""
        async with self._reading:
            keys, users = await self._db.read(lambda tx: (store.everything(tx), people.users(tx)))
            owners = {user.name: user for user in users}
            live = [key for key in keys if may_sign(key, owners)]
            self._keyring.replace(
                {key.access_key_id: self._opened(key, owners[key.user]) for key in live},
                {key.access_key_id for key in keys} - {key.access_key_id for key in live},
            )

    async def store_uses(self) -> None:
        if uses := self._keyring.take_uses():
            await self._db.write(lambda tx: store.set_uses(tx, uses, self._root.access_key_id))

    async def _change(self, work: Callable[[Transaction], None]) -> None:
        """To its end, whoever stops waiting for it: what is stored counts."""

        async def both() -> None:
            await self._db.write(work)
            await self.refresh()

        await asyncio.shield(asyncio.ensure_future(both()))

    def _own(self, tx: Transaction, access_key_id: str) -> UserKey:
        if access_key_id == self._root.access_key_id:
            raise Conflict(
                "root_key_stays",
                "the root key belongs to the installation and stays; the settings access_key_id and "
                "access_key_secret change it at the next start",
            )
        key = store.find(tx, access_key_id)
        if key is None:
            raise AccessKeyNotFound(access_key_id)
        return key

    def _opened(self, key: UserKey, owner: User) -> tuple[Principal, str]:
        principal = Principal(
            self._root.account_id, key.access_key_id, PrincipalKind.USER, user=owner.name, role=owner.role
        )
        return principal, self._vault.open_sealed(key.sealed)

    def _seen(self, tx: Transaction) -> list[KeySeen]:
        uses, roles = store.uses(tx), {user.name: user.role for user in people.users(tx)}
        root = UserKey(access_key_id=self._root.access_key_id, user="", sealed="")
        return [
            KeySeen(
                access_key_id=key.access_key_id,
                user=key.user,
                role=Role.ADMINISTRATOR if key is root else roles[key.user],
                description=key.description,
                disabled=key.disabled,
                created_at=key.created_at or None,
                last_used_at=max(self._keyring.used(key.access_key_id), uses.get(key.access_key_id, 0)) or None,
                is_root=key is root,
            )
            for key in (root, *store.everything(tx))
        ]

    async def _store_uses_forever(self) -> None:
        while True:
            await self._clock.sleep(PACE_MS)
            await self.store_uses()


def may_sign(key: UserKey, owners: dict[str, User]) -> bool:
    owner = owners.get(key.user)
    return not key.disabled and owner is not None and not owner.disabled
