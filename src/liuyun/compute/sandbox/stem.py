"""A stem cell seen from the platform: a sandbox that stands without code until it is given some.
Its rules stand in `bootstrap/stem.py`.
"""

import asyncio
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from liuyun.compute.bootstrap.stem import ORDER_BYTES, STORES
from liuyun.compute.sandbox.sandbox import PREPARE_S, Sandbox, Sandboxes, Stemming, Wish, code_of
from liuyun.errors import SandboxLost, Unavailable

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
    """Makes a stem cell the sandbox of this wish, whose code lies in the stores and is being placed: its limits hold
    already. Raises Unavailable.
    """
    order = {"binds": places_of(wish, stores), "stores": list(stores), "data_bytes": sandboxes.kept_bytes(wish)}
    try:
        stem.orders.send(json.dumps(order).encode())
        sandboxes.limit(stem.name, wish)  # while its init works
    except (OSError, Unavailable) as error:
        await stem.abandon()
        raise Unavailable(
            "stem_unusable", "A sandbox that stood ready can't be used: {detail}.", detail=error
        ) from None
    stem.sandbox.restrain = partial(sandboxes.restrain, stem.name, wish)
    stem.sandbox.placing = asyncio.ensure_future(follow(stem.orders))
    return stem.sandbox


async def follow(orders: socket.socket) -> None:
    """Waits until init has shown the code and has given up its rights. Raises SandboxLost."""
    loop = asyncio.get_running_loop()
    answer = b""
    try:
        async with asyncio.timeout(PREPARE_S):
            answer = await loop.sock_recv(orders, ORDER_BYTES)
    except (OSError, TimeoutError) as error:
        answer = repr(error).encode()
    finally:
        orders.close()
    if answer != b"{}":
        said = answer.decode("utf-8", "replace") or "it is gone"
        raise SandboxLost("stem_unusable", "A sandbox that stood ready can't be used: {detail}.", detail=said)
