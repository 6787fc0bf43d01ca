"""What the platform is told by a zygote when a start goes wrong half-way."""

import asyncio
import os
import select
import signal
import socket
from typing import Any

import pytest

from liuyun.compute.interpreters import own
from liuyun.compute.sandbox.zygote import Zygote, Zygotes
from liuyun.errors import Unavailable
from tests.conftest import run

SPEC = {"isolated": False, "limits": {}, "cgroups": []}


async def spawned(zygote: Zygote, **spec: Any):
    """The process, whose worker waits for its function; the caller closes the channel."""
    ours, theirs = socket.socketpair()
    output = os.open(os.devnull, os.O_WRONLY)
    try:
        return await zygote.spawn({**SPEC, **spec}, (theirs.fileno(), output)), ours
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
        os.close(output)


def test_a_process_that_could_not_be_placed_is_told_of_once():
    """Its control group is gone: the error is the last word, its exit isn't told as well, and the zygote lives on."""
    mishaps: list[Any] = []

    async def act() -> int:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: mishaps.append(context))
        zygote = await Zygote.start(own())
        with pytest.raises(Unavailable, match="No sandbox can be started"):
            await spawned(zygote, cgroups=["/sys/fs/cgroup/not-there"])
        process, channel = await spawned(zygote)  # its answer comes after the other's exit was seen
        signal.pidfd_send_signal(process.pidfd, signal.SIGKILL)
        code = await asyncio.wait_for(process.exited, 10)
        os.close(process.pidfd)
        channel.close()
        await zygote.close()
        return code

    assert run(act()) == -signal.SIGKILL
    assert mishaps == []


def test_who_gives_up_at_the_last_moment_gives_up():
    """A call that is cancelled when its process has just come must not go on as if nothing were: it is waited for."""

    async def act() -> object:
        zygote = await Zygote.start(own())
        starting = asyncio.ensure_future(spawned(zygote))
        await asyncio.sleep(0)
        select.select([zygote._control], [], [], 10)
        zygote._receive()
        starting.cancel()
        ended = (await asyncio.gather(starting, return_exceptions=True))[0]
        await zygote.close()
        return ended

    assert isinstance(run(act()), asyncio.CancelledError)


def test_a_zygote_that_is_starting_is_ended_with_the_others():
    """Whoever wanted it has given up; the process that is half-way there is waited for, and told to go."""

    async def act() -> bool:
        zygotes = Zygotes()
        wanted = asyncio.ensure_future(zygotes.of(own()))
        await asyncio.sleep(0)
        (starting,) = zygotes._starting.values()
        wanted.cancel()
        await zygotes.close()
        return (await starting).alive

    assert not run(act())
