"""A stem cell seen from the platform: a sandbox that stands without code until it is given some.
Its rules stand in `bootstrap/stem.py`.
"""

import asyncio
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from liuyun.compute.bootstrap.stem import ORDER_BYTES, STORES
from liuyun.compute.sandbox.sandbox import PREPARE_S, Sandbox, Sandboxes, Stemming, Wish, code_of
from liuyun.errors import Unavailable

STEM_BYTES = 64 * 1024 * 1024 * 1024  # more than any function has: limits only ever become narrower
Stores = Mapping[str, Path]  # name below STORES -> folder on this machine


@dataclass(frozen=True, slots=True)
class Stem:
    sandbox: Sandbox
    name: str
    orders: socket.socket

    @property
    def alive(self) -> bool:
        return not self.sandbox.process.exited.done()

    async def abandon(self) -> None:
        self.orders.close()
        await self.sandbox.abandon()


def kind_of(wish: Wish) -> Wish:
    """What all wishes have in common that one stem cell can serve."""
    return replace(wish, name="", code_dir="", layers_dir="", memory_bytes=0, cpus=1.0, most_cpus=1.0)


def places_of(wish: Wish, stores: Stores) -> list[tuple[str, str]] | None:
    """What is to be shown, as paths below STORES and in the sandbox; None if some of it lies in no store."""
    found: list[tuple[str, str]] = []
    for source, target in code_of(wish):
        path = Path(source)
        store = next((name for name, folder in stores.items() if folder in path.parents), None)
        if store is None:
            return None
        found.append((f"{store}/{path.relative_to(stores[store])}", target))
    return found


async def start_stem(sandboxes: Sandboxes, kind: Wish, name: str, stores: Stores) -> Stem:
    """Raises Unavailable."""
    orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    orders.setblocking(False)
    binds = tuple((str(folder), f"{STORES}/{store}") for store, folder in stores.items())
    with theirs:
        try:
            wish = replace(kind, name=name, memory_bytes=STEM_BYTES)
            sandbox = await sandboxes.start(wish, Stemming(theirs.fileno(), binds))
        except BaseException:
            orders.close()
            raise
    return Stem(sandbox, name, orders)


async def place(sandboxes: Sandboxes, stem: Stem, wish: Wish, stores: Stores) -> Sandbox:
    """Makes a stem cell the sandbox of this wish, whose code lies in the stores. Raises Unavailable."""
    try:
        data_bytes = sandboxes.limit(stem.name, wish)
        order = {"binds": places_of(wish, stores), "stores": list(stores), "data_bytes": data_bytes}
        async with asyncio.timeout(PREPARE_S):
            answer = await ask(stem.orders, json.dumps(order).encode())
    except (OSError, TimeoutError) as error:
        answer = repr(error).encode()
    except BaseException:
        await stem.abandon()
        raise
    if answer != b"{}":
        await stem.abandon()
        said = answer.decode("utf-8", "replace") or "its keeper is gone"
        raise Unavailable(f"A sandbox that stood ready can't be used: {said}.")
    stem.orders.close()
    return stem.sandbox


async def ask(orders: socket.socket, order: bytes) -> bytes:
    """What the keeper answered, once it is gone."""
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(orders, order)
    answer = await loop.sock_recv(orders, ORDER_BYTES)
    while answer and await loop.sock_recv(orders, ORDER_BYTES):
        pass
    return answer
