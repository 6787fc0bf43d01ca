"""Sessions of the console: who holds the token is signed in, until the session ends or is ended."""

import hashlib
import hmac
from collections import OrderedDict
from dataclasses import replace

from liuyun.clock import Clock
from liuyun.errors import SessionInvalid, SignInFailed, TooManyAttempts
from liuyun.identity.attempts import FREE_OF_ADDRESS, FREE_OF_NAME, Attempts
from liuyun.identity.users import Users
from liuyun.ids import Ids
from liuyun.model.people import Session, User
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import people as store

IDLE_MS = 12 * 60 * 60_000
LONGEST_MS = 7 * 24 * 60 * 60_000
EXTEND_MS = 60_000  # a session in use is written at most this often
TOKEN_BYTES = 32
CACHED = 1_000
FRESH_MS = 2_000  # how long a role or an end may stay unnoticed by another process


class Sessions:
    """`key` signs the tokens against cross-site requests."""

    def __init__(self, *, db: Database, clock: Clock, ids: Ids, users: Users, key: bytes) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._users = users
        self._key = key
        self._by_name, self._by_address = Attempts(FREE_OF_NAME), Attempts(FREE_OF_ADDRESS)
        self._known: OrderedDict[str, tuple[int, Session, User]] = OrderedDict()

    async def sign_in(self, name: str, password: str, *, ip: str = "", agent: str = "") -> tuple[str, User]:
        """The token for the browser. Raises SignInFailed, or TooManyAttempts (facts: wait_s)."""
        user = await self.prove(name, password, ip)
        now, token = self._clock.now(), self._ids.hex(TOKEN_BYTES)
        session = Session(
            token=hashed(token), user=user.name, created_at=now, expires_at=now + IDLE_MS, ip=ip, agent=agent[:200]
        )

        def work(tx: Transaction) -> None:
            store.expire_sessions(tx, now)
            store.insert_session(tx, session)

        await self._db.write(work)
        return token, user

    async def prove(self, name: str, password: str, ip: str = "") -> User:
        """Who has this name and this password. Raises SignInFailed, or TooManyAttempts (facts: wait_s)."""
        now = self._clock.now()
        counts = ((self._by_name, name[:64].lower()), (self._by_address, ip))
        wait_ms = max(attempts.wait_ms(key, now) for attempts, key in counts)
        if wait_ms:
            wait_s = -(-wait_ms // 1000)
            raise TooManyAttempts(
                "sign_in_often", "too many failed attempts; try again in {seconds} s", seconds=wait_s, wait_s=wait_s
            )
        for attempts, key in counts:  # counted before the slow check, so that many at once don't slip through
            attempts.failed(key, now)
        user = await self._users.proven(name, password)
        if user is None:
            raise SignInFailed("sign_in_wrong", "the user name or the password is wrong")
        for attempts, key in counts:
            attempts.succeeded(key)
        return user

    async def who(self, token: str) -> User:
        """Whose session it is, which goes on by that. Raises SessionInvalid."""
        session, user = await self._valid(token)
        await self._extend(session, user, self._clock.now())
        return user

    async def still(self, token: str) -> User:
        """The same, but the session ends when it would have. Raises SessionInvalid."""
        return (await self._valid(token))[1]

    async def _valid(self, token: str) -> tuple[Session, User]:
        now, key = self._clock.now(), hashed(token)
        known = self._known.get(key)
        if known is None or now - known[0] > FRESH_MS:
            found = await self._db.read(lambda tx: read(tx, key))
            if found is None:
                self._known.pop(key, None)
                raise SessionInvalid("session_ended", "the session has ended; sign in again")
            known = (now, *found)
            self._keep(key, known)
        _, session, user = known
        if session.expires_at <= now or user.disabled:
            raise SessionInvalid("session_ended", "the session has ended; sign in again")
        return session, user

    async def sign_out(self, token: str) -> None:
        key = hashed(token)
        self._known.pop(key, None)
        await self._db.write(lambda tx: store.delete_session(tx, key))

    def forget(self) -> None:
        """After users have changed."""
        self._known.clear()

    def csrf(self, token: str) -> str:
        """What a page must send with each change, which other sites can't know."""
        return hmac.new(self._key, hashed(token).encode(), hashlib.sha256).hexdigest()

    def csrf_right(self, token: str, given: str) -> bool:
        return hmac.compare_digest(self.csrf(token).encode(), given.encode())

    async def _extend(self, session: Session, user: User, now: int) -> None:
        until = min(now + IDLE_MS, session.created_at + LONGEST_MS)
        if until - session.expires_at < EXTEND_MS:
            return
        longer = replace(session, expires_at=until)
        await self._db.write(lambda tx: store.extend_session(tx, longer))
        self._keep(session.token, (now, longer, user))

    def _keep(self, key: str, known: tuple[int, Session, User]) -> None:
        self._known[key] = known
        self._known.move_to_end(key)
        if len(self._known) > CACHED:
            self._known.popitem(last=False)


def read(tx: Transaction, key: str) -> tuple[Session, User] | None:
    session = store.find_session(tx, key)
    user = store.find_user(tx, session.user) if session is not None else None
    return (session, user) if session is not None and user is not None else None


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
