"""Passwords: hashed by argon2id in threads of their own, and checked no faster for names that don't exist."""

import asyncio
from functools import partial

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 8, 256


class Passwords:
    """`memory_kib` is what one check costs; the default is the RFC 9106 choice for machines with little memory."""

    def __init__(self, *, memory_kib: int = 65_536, at_once: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=3, memory_cost=memory_kib, parallelism=1)
        self._room = asyncio.Semaphore(at_once)  # so that signing in can't take all memory
        self._decoy = ""

    async def hash(self, password: str) -> str:
        async with self._room:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, hashed: str, password: str) -> bool:
        """An empty hash takes as long as any, and never matches."""
        if not hashed and not self._decoy:
            self._decoy = await self.hash("nobody's password")
        async with self._room:
            return await asyncio.to_thread(partial(self._verify, hashed or self._decoy, password)) and bool(hashed)

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False
