"""The life of one invocation, from top to bottom.

1  resolve   names to a deployed function
2  acquire   an instance: a ready one, one that becomes free, or a new one        pool.py, core/pool.py
3  call      the handler, over the instance's channel                             instance.py, runtimes/
4  release   the place in the instance                                            pool.py
5  tell      result, error document and log in the vendor's form                  results.py

Most calls find all that at hand: `begin` hands them to their instance at once, and its answer is told on from where it
arrives, by `Begun`. `invoke` takes every call, in the task of whoever asks. Both come to the same `conclude`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, NoReturn, Protocol

from msgspec.structs import replace

from liuyun.clock import Clock
from liuyun.compute import results
from liuyun.compute.core.http_event import event_of, takes_events
from liuyun.compute.core.instance_states import InstanceState
from liuyun.compute.flow import Flow
from liuyun.compute.instance import Instance
from liuyun.compute.outcome import Aborted, Answered, Ended, Outcome, StartFailed, Stream
from liuyun.compute.pool import Pool
from liuyun.compute.runtimes.base import Runtime, takes_bodies
from liuyun.errors import FunctionDisabled, SandboxLost, Unsupported
from liuyun.ids import Ids
from liuyun.model.function import Deployed
from liuyun.model.invocation import HttpCall, Invocation, InvocationResult
from liuyun.settings import Limits

AtHand = Callable[[str, str, str, str], Deployed | None]  # the same from memory; None if it isn't there
Then = Callable[[InvocationResult | Exception], None]


class Resolve(Protocol):
    """`http` is the call, for names that lead to one version or another by what stands in it."""

    def __call__(
        self, account_id: str, service: str, qualifier: str, function: str, /, *, http: HttpCall | None = None
    ) -> Awaitable[Deployed]: ...


class InstanceLost(Exception):
    """Through no fault of the function."""


class NeverBegun(Exception):
    """The instance was gone before it came to the call."""


class Invoker:
    def __init__(
        self,
        *,
        resolve: Resolve,
        at_hand: AtHand,
        runtimes: Sequence[Runtime],
        limits: Limits,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._resolve = resolve
        self._at_hand = at_hand
        self._runtimes = runtimes
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self.pool = Pool(start=self._start, limits=limits, clock=clock, ids=ids)

    async def invoke(self, invocation: Invocation) -> InvocationResult:
        """A failing function is a result. Raises what resolving does, Throttled, Unavailable or Unsupported;
        FunctionDisabled too, where that was to end what runs.

        A call whose instance was taken away from outside, which no function can do to its own, is made once more; one
        that had not begun when its instance ended is given to another.
        """
        if invocation.body is not None:
            invocation = await self._fitting(invocation)
        return await self._through(invocation, again=invocation.body is not None)  # which can't be had twice

    def begin(self, invocation: Invocation, then: Then) -> "Begun | None":
        """The same for a call that can be made right now, without a task: it needs no more than to be handed over.

        None if it can't. `then` is told what it came to: its result, or what `invoke` would raise.
        """
        deployed = self._at_hand(invocation.account_id, invocation.service, invocation.qualifier, invocation.function)
        if deployed is None or invocation.body is not None or takes_bodies(deployed.function.runtime):
            return None
        now = self._clock.steady()
        instance = self.pool.take(deployed, now)
        if instance is None:
            return None
        try:
            turn = Turn(instance, self._as_taken(deployed, invocation), now)
            return Begun(self, turn, invocation, then)
        except BaseException:
            self.release(instance)
            raise

    def make(self, invocation: Invocation, then: Then, *, again: bool) -> asyncio.Task[None]:
        async def make() -> None:
            try:
                came_to = await self._through(invocation, again=again)
            except Exception as error:  # noqa: BLE001 - it is told
                then(error)
            else:
                then(came_to)

        return self._behind(make())

    async def _through(self, invocation: Invocation, *, again: bool) -> InvocationResult:
        while True:
            try:
                return await self._attempt(invocation, again=again)
            except NeverBegun:
                continue
            except InstanceLost:
                again = True

    async def _fitting(self, invocation: Invocation) -> Invocation:
        """With the body read whole, if the runtime takes it only so. Raises what the body does."""
        deployed = await self._deployed(invocation)
        if takes_bodies(deployed.function.runtime) or invocation.body is None:
            return invocation
        if invocation.upgrade:
            return replace(invocation, body=None, upgrade=False)
        return replace(invocation, payload=b"".join([piece async for piece in invocation.body]), body=None)

    async def _attempt(self, invocation: Invocation, *, again: bool = False) -> InvocationResult:
        deployed = await self._deployed(invocation)
        called = self._as_taken(deployed, invocation)
        result = await self._call(deployed, called, again=again)
        return result if called is invocation else results.as_http(result)

    def _deployed(self, invocation: Invocation) -> Awaitable[Deployed]:
        names = (invocation.account_id, invocation.service, invocation.qualifier, invocation.function)
        return self._resolve(*names, http=invocation.http)

    def _as_taken(self, deployed: Deployed, invocation: Invocation) -> Invocation:
        """As the handler takes it: FC 3.0's built-in runtimes take an HTTP call as an event."""
        http = invocation.http
        if http is None or not takes_events(deployed):
            return invocation
        return replace(invocation, http=None, payload=event_of(http, invocation, self._clock.now()))

    async def _call(self, deployed: Deployed, invocation: Invocation, *, again: bool) -> InvocationResult:
        began = self._clock.steady()
        try:
            instance = await self.pool.acquire(deployed, invocation.request_id)
        except StartFailed as failed:
            if isinstance(failed.outcome, Ended) and failed.outcome.lost and not again:
                raise InstanceLost from None
            took = self._clock.steady() - began
            ran = results.Ran(deployed, invocation, failed.instance_id, took, cold=True, log=failed.output)
            return results.with_tail(results.of_call(failed.outcome, ran), ran)
        turn = Turn(instance, invocation, self._clock.steady())
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        try:
            number = instance.call(invocation, turn.deadline, outcome)
        except BaseException:
            self.release(instance)
            raise
        try:
            return self.conclude(turn, await outcome, again=again)
        except asyncio.CancelledError:
            self.give_up(turn, number)
            raise

    def give_up(self, turn: "Turn", number: int) -> None:
        """Nobody waits for the call of this number any more."""
        turn.instance.give_up(number)
        turn.cancelled()
        self.release(turn.instance)

    def conclude(self, turn: "Turn", outcome: Outcome, *, again: bool) -> InvocationResult:
        """What a call came to, and its place in the instance given back. Raises NeverBegun, InstanceLost or
        FunctionDisabled.
        """
        now = self._clock.steady()
        busy = False
        try:
            if isinstance(outcome, Answered):
                if outcome.stream is None:
                    return turn.ended(outcome, now)
                flow = self._flow(turn, outcome.stream)
                result = replace(results.of_call(outcome, turn.ran(now)), body=flow)
                busy = True  # until that has been read
                return result
            if isinstance(outcome, Ended) and (not outcome.begun or (outcome.lost and not again)):
                turn.lost(outcome)
            result = turn.ended(outcome, now)
            if isinstance(outcome, Aborted):
                raise FunctionDisabled(outcome.why)
            return result
        finally:
            if not busy:
                self.release(turn.instance, now)

    def release(self, instance: Instance, now: int = 0) -> None:
        """A function that wants to know when it has nothing to do is told first; its caller needn't wait for that."""
        if instance.freezes and instance.running == 1 and instance.state is InstanceState.READY:
            self._behind(self._freeze(instance))
        else:
            self.pool.release(instance, now or self._clock.steady())

    async def _freeze(self, instance: Instance) -> None:
        try:
            await instance.freeze(self._clock.steady())
        finally:
            self.pool.release(instance, self._clock.steady())

    def _behind(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Nobody waits for it."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _flow(self, turn: "Turn", stream: Stream) -> Flow:
        def finish(outcome: Outcome | None) -> None:
            instance = turn.instance
            if outcome is None:
                turn.cancelled()
                if instance.deployed.function.instance_concurrency == 1:
                    instance.stop()  # it would go on with what nobody waits for
            else:
                turn.ended(outcome, self._clock.steady())
            self.release(instance)

        return Flow(stream, finish)

    async def _start(self, deployed: Deployed, instance_id: str, request_id: str) -> Instance:
        name = deployed.function.runtime
        runtime = next((runtime for runtime in self._runtimes if runtime.offers(name)), None)
        if runtime is None:
            raise Unsupported(
                "runtime_not_offered",
                "The runtime '{name}' is not offered here; python3, nodejs20 and newer ones of both are.",
                name=name,
            )
        try:
            return await runtime.start(deployed, instance_id, request_id)
        except SandboxLost:
            return await runtime.start(deployed, instance_id, request_id)


class Turn:
    """One call in its instance, and its log. Made when the call begins there, which is `now` by the steady clock."""

    __slots__ = ("began", "cold", "deadline", "instance", "invocation", "log")

    def __init__(self, instance: Instance, invocation: Invocation, now: int) -> None:
        self.instance = instance
        self.invocation = invocation
        self.began = now
        self.deadline = now + instance.deployed.function.timeout_s * 1000
        self.cold = instance.served == 0 and not instance.started_ahead
        output = instance.output
        ahead = instance.in_turn and bool(instance.calls)
        self.log = output.begin(invocation.request_id, tail=invocation.tail_log, ahead=ahead)
        output.note(self.log, f"FC Invoke Start RequestId: {invocation.request_id}")

    def ran(self, now: int) -> results.Ran:
        instance = self.instance
        took = now - self.began
        return results.Ran(instance.deployed, self.invocation, instance.instance_id, took, self.cold, self.log)

    def ended(self, outcome: Outcome, now: int) -> InvocationResult:
        ran, output = self.ran(now), self.instance.output
        output.end(self.log)
        result = results.of_call(outcome, ran)
        if not isinstance(outcome, Answered) and (reason := results.why(outcome)):
            output.note(self.log, str(reason))
        output.note(self.log, results.end_mark(result))
        return results.with_tail(result, ran)

    def lost(self, outcome: Ended) -> NoReturn:
        """Raises NeverBegun or InstanceLost."""
        output = self.instance.output
        output.end(self.log)
        if outcome.begun:
            output.note(self.log, str(results.why(outcome)))
            raise InstanceLost
        output.note(self.log, "The instance ended before it came to this call, which is given to another.")
        raise NeverBegun

    def cancelled(self) -> None:
        output = self.instance.output
        output.caught_up = False
        output.end(self.log)
        mark = f"FC Invoke End RequestId: {self.log.request_id}, Error: Invocation canceled by client"
        output.note(self.log, mark)


class Begun:
    """A call that no task waits for: what became of it is told in the turn of the loop in which the answer came.

    To its instance it is a future. `asked` is the call as its caller made it, that of the turn as the handler takes it.
    """

    __slots__ = ("_again", "_asked", "_invoker", "_number", "_over", "_then", "_turn")

    def __init__(self, invoker: Invoker, turn: Turn, asked: Invocation, then: Then) -> None:
        self._invoker = invoker
        self._turn = turn
        self._asked = asked
        self._then = then
        self._over = False
        self._again: asyncio.Task[None] | None = None
        self._number = turn.instance.call(turn.invocation, turn.deadline, self)

    def done(self) -> bool:
        return self._over

    def set_result(self, result: Outcome, /) -> None:
        self._over = True
        try:
            came_to = self._invoker.conclude(self._turn, result, again=False)
            if self._turn.invocation is not self._asked:
                came_to = results.as_http(came_to)
        except (InstanceLost, NeverBegun) as why:
            self._again = self._invoker.make(self._asked, self._then, again=isinstance(why, InstanceLost))
        except Exception as error:  # noqa: BLE001 - whoever waits has to be answered
            self._then(error)
        else:
            self._then(came_to)

    def abandon(self) -> None:
        """Its caller has left; nothing is told any more."""
        if self._again is not None:
            self._again.cancel()
        elif not self._over:
            self._over = True
            self._invoker.give_up(self._turn, self._number)
