"""One running copy of a function: its sandbox, its worker, what it prints, and the calls it is working on."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import msgspec

from liuyun.compute.core.instance_states import InstanceEvent, InstanceState, follow
from liuyun.compute.core.lifecycle import Phase, hooks_of
from liuyun.compute.outcome import START, Aborted, Answered, Ended, Outcome, TimedOut
from liuyun.compute.output import Output
from liuyun.compute.sandbox.doors import Doors
from liuyun.compute.sandbox.sandbox import PROCESSES, Sandbox
from liuyun.errors import Phrase
from liuyun.model.function import Deployed
from liuyun.model.invocation import Invocation

DUMP_S = 0.3  # how long a worker that ran out of time may take to print where it hangs
EXIT_S = 5
LOOK_MS = 250  # how often the memory of a busy instance is looked at
MB = 1024 * 1024
KILLED = 137
SIGNALLED = 128


class Worker(Protocol):
    """What answers the calls of an instance inside of its sandbox: a process that takes frames, or an HTTP server.

    Calls have numbers; an answer bears that of its call, and there may be several calls at a time.
    """

    async def open(
        self, channel: socket.socket, on_answers: Callable[[Sequence[Answered]], None], on_end: Callable[[], None]
    ) -> None:
        """Takes the sandbox's channel. `on_answers` is told of answers as they come, `on_end` once no more will."""
        ...

    def begin(self) -> None:
        """Loads and initializes the function; how that went is the answer to the call START."""
        ...

    def call(self, number: int, invocation: Invocation, *, ahead: bool = False) -> None:
        """`ahead`: the worker is busy with another and comes to this one after it."""
        ...

    def enter(self, number: int, phase: Phase, request_id: str) -> None:
        """Calls the function's hook for this phase of its instance's life."""
        ...

    def drop(self, number: int) -> None:
        """Nobody waits for this call any more."""
        ...

    def close(self) -> None: ...


class Awaited(Protocol):
    """Who is told what became of a call; a future, as a rule."""

    def done(self) -> bool: ...

    def set_result(self, result: Outcome, /) -> None: ...


class Running(msgspec.Struct):
    """`deadline`: 0 until it is seen that the call has begun, where calls wait for each other."""

    request_id: str
    deadline: int
    outcome: Awaited


class Instance:
    """The pool keeps `running`, `used_at`, `heard_at` (since when a call runs, or when the latest answer came),
    `ready_at`, `first_mb` (memory after the first call) and `started_ahead` (before any call wanted it); `on_gone`
    tells it that the process has ended. `calls` are those that it works on, `in_turn` if it takes one after the other.
    Times are by the steady clock but for `created_at`, an instant.
    """

    def __init__(self, deployed: Deployed, instance_id: str, sandbox: Sandbox, output: Output, doors: Doors) -> None:
        self.deployed = deployed
        self.instance_id = instance_id
        self.state = InstanceState.STARTING
        self.running = 0
        self.served = 0
        self.used_at = 0
        self.heard_at = 0
        self.ready_at = 0
        self.created_at = 0
        self.first_mb = 0.0
        self.latest_ms = 0.0  # what the latest call took
        self.started_ahead = False
        self.output = output
        self.memory_mb = 0.0
        self.on_gone: Callable[[Instance], None] = lambda _: None
        self._loop = asyncio.get_running_loop()  # to ask for it is a system call each time
        self._sandbox = sandbox
        self._doors = doors
        self._worker: Worker | None = None
        self.calls: dict[int, Running] = {}
        self._next_id = START + 1
        self._hooks = hooks_of(deployed.function)
        self.freezes = Phase.PRE_FREEZE in self._hooks  # the function wants to know when it has nothing to do
        self._request_id = ""  # of the latest call
        self._lost = False
        self._hurried = asyncio.Event()
        self._ending: asyncio.Task[None] | None = None
        self.in_turn = deployed.function.instance_concurrency == 1  # one call at a time, answered in order
        self._timed_out: Running | None = None
        self._aborted: Phrase | None = None  # why all that it works on is to end
        self._abandoned = False  # nobody waits for the call that it works on
        self._look_at = 0
        self._overdrawn = False
        self._astray = 0

    async def begin(self, worker: Worker, request_id: str, deadline: int, *, waits: bool = False) -> Outcome:
        """Lets the worker load the function and waits until it has. The caller expires it at `deadline`.

        `waits`: the worker itself does nothing of the function's before the code is there. Raises SandboxLost.
        """
        self._worker = worker
        self._request_id = request_id
        await worker.open(self._sandbox.channel, self._answered, self._lose)
        if not waits:
            await self._sandbox.placed()
        outcome = self._expect(START, request_id, deadline)
        worker.begin()
        return await outcome

    def call(self, invocation: Invocation, deadline: int, outcome: Awaited) -> int:
        """Hands a call to the worker; its number is for who gives it up.

        If it is busy, and takes one call at a time, the deadline is counted anew once this call's turn has come.
        """
        assert self._worker is not None, "begun before it is used"
        number = self._next_id
        self._next_id = number + 1
        if self._ending is not None:
            outcome.set_result(Ended(KILLED, out_of_memory=False, memory_mb=self.memory_mb, begun=False))
            return number
        request_id = self._request_id = invocation.request_id
        self.served += 1
        ahead = self.in_turn and bool(self.calls)
        self.calls[number] = Running(request_id, 0 if ahead else deadline, outcome)
        self._worker.call(number, invocation, ahead=ahead)
        return number

    async def freeze(self, now: int) -> None:
        """Calls that hook, whatever comes of it. The caller expires it as it does calls."""
        assert self._worker is not None, "begun before it is used"
        number = self._number()
        log = self.output.begin(self._request_id, tail=False)
        outcome = self._expect(number, self._request_id, now + self._hooks[Phase.PRE_FREEZE].timeout_s * 1000)
        self._worker.enter(number, Phase.PRE_FREEZE, self._request_id)
        try:
            await outcome
        finally:
            self.output.end(log)

    def expire(self, now: int) -> None:
        """Ends the process if one of its calls is past its time, or if it holds more memory than the function has.

        The kernel itself ends what goes past memory and /tmp together; it can't bound the two apart.
        """
        first = next(iter(self.calls.values()), None)
        if first is not None and not first.deadline:  # what was ahead of it has been answered since the last look
            first.deadline = now + self.deployed.function.timeout_s * 1000
        for call in self.calls.values():
            if 0 < call.deadline <= now and self._ending is None:
                self._timed_out = call
                self._finish()
        if self._ending is None and now >= self._look_at:
            self._look_at = now + LOOK_MS
            if self._sandbox.group.holds_over(self.deployed.function.memory_mb * MB):
                self._overdrawn = True
                self._finish()

    def ready(self) -> None:
        if self.state is InstanceState.STARTING:
            self.state = follow(self.state, InstanceEvent.STARTED)

    def retire(self) -> None:
        """Takes no more calls; the process goes when the running ones have ended."""
        self.state = follow(self.state, InstanceEvent.RETIRED)
        if not self.running:
            self.stop()

    def stop(self, aborted: Phrase | None = None) -> None:
        """Ends the process, whatever it is doing; an idle one first does what the function wants done at the end.

        `aborted` is what the calls that it works on are told.
        """
        self._aborted = self._aborted or aborted
        self._finish()

    def hurry(self) -> None:
        """There is no time left for that."""
        self._hurried.set()

    def cpu_s(self) -> float:
        """Seconds of a core that its processes have used, of those that still run."""
        return self._sandbox.group.cpu_s()

    async def wait_gone(self) -> None:
        if self._ending is not None:
            await asyncio.shield(self._ending)

    def _expect(self, number: int, request_id: str, deadline: int) -> asyncio.Future[Outcome]:
        outcome: asyncio.Future[Outcome] = self._loop.create_future()
        self.calls[number] = Running(request_id, deadline, outcome)
        if self._ending is not None:
            outcome.set_result(Ended(KILLED, out_of_memory=False, memory_mb=self.memory_mb))
        return outcome

    def _answered(self, answers: Sequence[Answered]) -> None:
        self.output.caught_up = False  # once: what belongs to all of them was printed before they came
        for answered in answers:
            self._take(answered)

    def _take(self, answered: Answered) -> None:
        call = self.calls.pop(answered.reply.id, None)
        if call is None:  # given up meanwhile; but no more answers are astray than there were calls
            self._astray += 1
            if self._astray > self._next_id:
                self._finish()
            return
        if call is self._timed_out:
            return
        self.latest_ms = answered.reply.ms
        if answered.stream is not None:
            self.calls[answered.reply.id] = Running(call.request_id, call.deadline, answered.stream.final)
        memory_mb = answered.reply.rss_kb / 1024
        self.memory_mb = max(self.memory_mb, memory_mb)
        if answered.reply.ends:  # before anybody could give it another call
            self.state = follow(self.state, InstanceEvent.RETIRED)
        outcome = call.outcome
        if not outcome.done():
            outcome.set_result(answered)

    def give_up(self, number: int) -> None:
        """Nobody waits for this call any more. One whose turn hasn't come keeps its place, for the sake of order."""
        if self.in_turn and next(iter(self.calls), START) != number:
            return
        self.calls.pop(number, None)
        if self._worker is not None:
            self._worker.drop(number)
        if self.in_turn:
            self._abandoned = True
            self.stop()  # it would go on with what nobody waits for

    def _finish(self) -> None:
        if self._ending is None:
            was, self.state = self.state, follow(self.state, InstanceEvent.ENDED)
            self._ending = asyncio.ensure_future(self._go(was))

    def _lose(self) -> None:
        """The worker is gone."""
        self._lost = True
        self._finish()

    async def _go(self, was: InstanceState) -> None:
        worked = was in {InstanceState.READY, InstanceState.RETIRING}
        if worked and not self._lost and not self.calls and Phase.PRE_STOP in self._hooks:
            await self._say_goodbye()
        await self._end()

    async def _say_goodbye(self) -> None:
        """Calls the hook for the end and waits until it is through, or its time is."""
        assert self._worker is not None, "it has worked"
        number = self._number()
        log = self.output.begin(self._request_id, tail=False)
        outcome: asyncio.Future[Outcome] = self._loop.create_future()
        self.calls[number] = Running(self._request_id, 0, outcome)
        self._worker.enter(number, Phase.PRE_STOP, self._request_id)
        hurried = asyncio.ensure_future(self._hurried.wait())
        waited = {outcome, hurried, self._sandbox.process.exited}
        await asyncio.wait(waited, timeout=self._hooks[Phase.PRE_STOP].timeout_s, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        self.calls.pop(number, None)
        self.output.end(log)

    def _number(self) -> int:
        number = self._next_id
        self._next_id += 1
        return number

    async def _end(self) -> None:
        timed_out = self._timed_out
        exited = self._sandbox.process.exited
        if timed_out is not None:
            self._sandbox.terminate()
            await asyncio.wait({exited}, timeout=DUMP_S)
        elif self.calls and not (self._abandoned or self._aborted):  # it left by itself, and will have said why
            await asyncio.wait({exited}, timeout=DUMP_S)
        by_itself = timed_out is None and self._sandbox.ended()
        self._sandbox.kill()
        await asyncio.wait({exited}, timeout=EXIT_S)
        self.memory_mb = max(self.memory_mb, self._sandbox.group.peak_bytes() / 1024 / 1024)
        out_of_memory = self._overdrawn or self._sandbox.group.out_of_memory()
        self.output.drain()
        if self._sandbox.group.processes_refused():
            self.output.tell(f"The kernel refused processes: an instance may have {PROCESSES}, threads included.")
        self.on_gone(self)  # before its callers go on
        if timed_out is not None:
            settle(timed_out.outcome, TimedOut(self.memory_mb))
        exit_code = exited.result() if exited.done() else KILLED
        ended = Ended(exit_code, out_of_memory, self.memory_mb)
        if exit_code < 0:  # not the worker but what keeps it: by somebody outside, unless it was us or the kernel
            lost = by_itself and self._sandbox.isolated and not out_of_memory
            ended = Ended(SIGNALLED - exit_code, out_of_memory, self.memory_mb, lost=lost)
        aborted = Aborted(self._aborted, self.memory_mb) if self._aborted else None
        for place, call in enumerate(self.calls.values(), start=self._abandoned):
            settle(call.outcome, aborted or (replace(ended, begun=False) if place and self.in_turn else ended))
        self.calls.clear()
        await self._give_back()

    async def _give_back(self) -> None:
        if self._worker is not None:
            self._worker.close()
        self.output.close()
        await self._doors.close()
        await self._sandbox.close()


def settle(outcome: Awaited, result: Outcome) -> None:
    if not outcome.done():
        outcome.set_result(result)
