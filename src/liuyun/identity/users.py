"""People and their roles. The first administrator comes with the installation; its password is the console's."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from liuyun.clock import Clock
from liuyun.errors import Conflict, Invalid, UserExists, UserNotFound
from liuyun.identity.passwords import LONGEST, SHORTEST, Passwords
from liuyun.model.people import Role, User
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import access_keys
from liuyun.storage.stores import people as store

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
ADMIN = "admin"
T = TypeVar("T")


class Users:
    """The first administrator is made when somebody first asks, as hashing takes long. A `preset` password wins at each
    start; else what the administrator chose stays. `changed` is told of each user that was changed or deleted, before
    the change is answered.
    """

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        passwords: Passwords,
        first_password: str,
        preset: bool = False,
        changed: Callable[[], Awaitable[None]],
    ) -> None:
        self._db = db
        self._clock = clock
        self._passwords = passwords
        self._first_password = first_password
        self._preset = preset
        self._changed = changed
        self._established = False
        self._establishing = asyncio.Lock()

    async def create(self, name: str, role: Role, password: str, display_name: str = "") -> User:
        """Raises Invalid or UserExists."""
        if NAME.fullmatch(name) is None:
            raise Invalid(
                "user_name",
                "a user name has 1 to 64 letters, digits, '.', '_', '@' or '-' and begins with a letter or digit",
            )
        check_password(password)
        await self._establish()
        user = replace(self._new(name, role, await self._passwords.hash(password)), display_name=display_name[:64])
        if not await self._db.write(lambda tx: store.insert_user(tx, user)):
            raise UserExists(name)
        return user

    async def get(self, name: str) -> User:
        """Raises UserNotFound."""
        await self._establish()
        return await self._db.read(lambda tx: existing(tx, name))

    async def everybody(self) -> list[User]:
        await self._establish()
        return await self._db.read(store.users)

    async def change(
        self, name: str, *, role: Role | None = None, display_name: str | None = None, disabled: bool | None = None
    ) -> User:
        """None leaves a part as it is. Raises UserNotFound, or Conflict if no administrator would be left."""
        given = {"role": role, "display_name": display_name, "disabled": disabled}
        return await self._update(name, **{key: value for key, value in given.items() if value is not None})

    async def set_password(self, name: str, password: str) -> User:
        """Ends all sessions of the user. Raises Invalid or UserNotFound."""
        check_password(password)
        return await self._update(name, password_hash=await self._passwords.hash(password))

    async def delete(self, name: str) -> None:
        """With its sessions and access keys. Raises UserNotFound, or Conflict if no administrator would be left."""

        def work(tx: Transaction) -> None:
            existing(tx, name)
            store.delete_user(tx, name)
            access_keys.delete_of(tx, name)
            check_administrators(tx)

        await self._change(work)

    async def proven(self, name: str, password: str) -> User | None:
        """The user, if the password is right and the user may sign in."""
        await self._establish()
        user = await self._db.read(lambda tx: store.find_user(tx, name))
        right = await self._passwords.matches(user.password_hash if user else "", password[:LONGEST])
        return user if user is not None and right and not user.disabled else None

    async def _establish(self) -> None:
        async with self._establishing:
            if self._established:
                return
            admin = await self._db.read(lambda tx: store.find_user(tx, ADMIN))
            if admin is None:
                user = self._new(ADMIN, Role.ADMINISTRATOR, await self._passwords.hash(self._first_password))
                await self._db.write(lambda tx: store.insert_user(tx, user))
            elif self._preset and not await self._passwords.matches(admin.password_hash, self._first_password):
                await self._update(ADMIN, password_hash=await self._passwords.hash(self._first_password))
            self._established = True

    async def _update(self, name: str, **parts: object) -> User:
        now = self._clock.now()

        def work(tx: Transaction) -> User:
            user = replace(existing(tx, name), **parts, updated_at=now)  # pyright: ignore[reportArgumentType]
            store.update_user(tx, user)
            check_administrators(tx)
            if user.disabled or "password_hash" in parts or "role" in parts:
                store.delete_sessions_of(tx, name)
            return user

        return await self._change(work)

    async def _change(self, work: Callable[[Transaction], T]) -> T:
        """To its end, whoever stops waiting for it: what is stored counts."""

        async def both() -> T:
            done = await self._db.write(work)
            await self._changed()
            return done

        return await asyncio.shield(asyncio.ensure_future(both()))

    def _new(self, name: str, role: Role, password_hash: str) -> User:
        now = self._clock.now()
        return User(name=name, role=role, password_hash=password_hash, created_at=now, updated_at=now)


def existing(tx: Transaction, name: str) -> User:
    user = store.find_user(tx, name)
    if user is None:
        raise UserNotFound(name)
    return user


def check_administrators(tx: Transaction) -> None:
    if not any(user.role is Role.ADMINISTRATOR and not user.disabled for user in store.users(tx)):
        raise Conflict("last_administrator", "somebody must stay administrator: give the role to another user first")


def check_password(password: str) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(
            "password_length",
            "a password must have {shortest} to {longest} characters",
            shortest=SHORTEST,
            longest=LONGEST,
        )
