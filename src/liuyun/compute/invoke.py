"""The life of one invocation, from top to bottom.

1  resolve   names to a deployed function
2  acquire   an instance: a ready one, one that becomes free, or a new one        pool.py, core/pool.py
3  call      the handler, over the instance's channel                             instance.py, runtimes/
4  release   the place in the instance                                            pool.py
5  tell      result, error document and log in the vendor's form                  results.py
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from msgspec.structs import replace

from liuyun.clock import Clock
from liuyun.compute import results
from liuyun.compute.core.http_event import event_of, takes_events
from liuyun.compute.flow import Flow
from liuyun.compute.instance import Instance
from liuyun.compute.outcome import Answered, Ended, Outcome, StartFailed, Stream
from liuyun.compute.output import InvocationOutput
from liuyun.compute.pool import Pool
from liuyun.compute.runtimes.base import Runtime, takes_bodies
from liuyun.errors import SandboxLost, Unsupported
from liuyun.ids import Ids
from liuyun.model.function import Deployed
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.settings import Limits

Resolve = Callable[[str, str, str, str], Awaitable[Deployed]]


class InstanceLost(Exception):
    """Through no fault of the function."""


class NeverBegun(Exception):
    """The instance was gone before it came to the call."""


class Invoker:
    def __init__(
        self, *, resolve: Resolve, runtimes: Sequence[Runtime], limits: Limits, clock: Clock, ids: Ids
    ) -> None:
        self._resolve = resolve
        self._runtimes = runtimes
        self._clock = clock
        self._freezing: set[asyncio.Task[None]] = set()
        self.pool = Pool(start=self._start, limits=limits, clock=clock, ids=ids)

    async def invoke(self, invocation: Invocation) -> InvocationResult:
        """A failing function is a result. Raises what resolving does, Throttled, Unavailable or Unsupported.

        A call whose instance was taken away from outside, which no function can do to its own, is made once more; one
        that had not begun when its instance ended is given to another.
        """
        if invocation.body is not None:
            invocation = await self._fitting(invocation)
        again = invocation.body is not None  # which can't be had twice
        while True:
            try:
                return await self._attempt(invocation, again=again)
            except NeverBegun:
                continue
            except InstanceLost:
                again = True

    async def _fitting(self, invocation: Invocation) -> Invocation:
        """With the body read whole, if the runtime takes it only so. Raises what the body does."""
        deployed = await self._resolve(
            invocation.account_id, invocation.service, invocation.qualifier, invocation.function
        )
        if takes_bodies(deployed.function.runtime) or invocation.body is None:
            return invocation
        if invocation.upgrade:
            return replace(invocation, body=None, upgrade=False)
        return replace(invocation, payload=b"".join([piece async for piece in invocation.body]), body=None)

    async def _attempt(self, invocation: Invocation, *, again: bool = False) -> InvocationResult:
        deployed = await self._resolve(
            invocation.account_id, invocation.service, invocation.qualifier, invocation.function
        )
        http = invocation.http
        if http is None or not takes_events(deployed):
            return await self._call(deployed, invocation, again=again)
        event = event_of(http, invocation, self._clock.now())
        called = replace(invocation, http=None, payload=event)
        return results.as_http(await self._call(deployed, called, again=again))

    async def _call(self, deployed: Deployed, invocation: Invocation, *, again: bool) -> InvocationResult:
        began = self._clock.now()
        try:
            instance = await self.pool.acquire(deployed, invocation.request_id)
        except StartFailed as failed:
            if isinstance(failed.outcome, Ended) and failed.outcome.lost and not again:
                raise InstanceLost from None
            took = self._clock.now() - began
            ran = results.Ran(deployed, invocation, failed.instance_id, took, cold=True, log=failed.output)
            return results.with_tail(results.of_call(failed.outcome, ran), ran)
        busy = False
        try:
            result = await self._run(instance, deployed, invocation, again=again)
            busy = result.body is not None  # until that has been read
        finally:
            if not busy:
                self._release(instance)
        return result

    def _release(self, instance: Instance) -> None:
        """A function that wants to know when it has nothing to do is told first; its caller needn't wait for that."""
        if instance.freezes and instance.running == 1:
            freezing = asyncio.ensure_future(self._freeze(instance))
            self._freezing.add(freezing)
            freezing.add_done_callback(self._freezing.discard)
        else:
            self.pool.release(instance)

    async def _freeze(self, instance: Instance) -> None:
        try:
            await instance.freeze(self._clock.now())
        finally:
            self.pool.release(instance)

    async def _run(
        self, instance: Instance, deployed: Deployed, invocation: Invocation, *, again: bool
    ) -> InvocationResult:
        cold = instance.served == 0 and not instance.started_ahead
        began = self._clock.now()
        output = instance.output
        log = output.begin(invocation.request_id, tail=invocation.tail_log, ahead=instance.is_busy)
        output.note(log, f"FC Invoke Start RequestId: {invocation.request_id}")
        try:
            outcome = await instance.invoke(invocation, began + deployed.function.timeout_s * 1000)
        except asyncio.CancelledError:
            cancelled(instance, log)
            raise
        if isinstance(outcome, Ended) and not outcome.begun:
            output.end(log)
            output.note(log, "The instance ended before it came to this call, which is given to another.")
            raise NeverBegun
        ran = results.Ran(deployed, invocation, instance.instance_id, self._clock.now() - began, cold=cold, log=log)
        if isinstance(outcome, Answered) and outcome.stream is not None:
            return replace(results.of_call(outcome, ran), body=self._flow(instance, outcome.stream, ran))
        if isinstance(outcome, Ended) and outcome.lost and not again:
            output.end(log)
            output.note(log, results.why(outcome))
            raise InstanceLost
        return ended(instance, outcome, ran)

    def _flow(self, instance: Instance, stream: Stream, ran: results.Ran) -> Flow:
        def finish(outcome: Outcome | None) -> None:
            if outcome is None:
                cancelled(instance, ran.log)
                if instance.deployed.function.instance_concurrency == 1:
                    instance.stop()  # it would go on with what nobody waits for
            else:
                ended(instance, outcome, ran)
            self._release(instance)

        return Flow(stream, finish)

    async def _start(self, deployed: Deployed, instance_id: str, request_id: str) -> Instance:
        name = deployed.function.runtime
        runtime = next((runtime for runtime in self._runtimes if runtime.offers(name)), None)
        if runtime is None:
            raise Unsupported(
                f"The runtime '{name}' is not offered here; python3, nodejs20 and newer ones of both are."
            )
        try:
            return await runtime.start(deployed, instance_id, request_id)
        except SandboxLost:
            return await runtime.start(deployed, instance_id, request_id)


def ended(instance: Instance, outcome: Outcome, ran: results.Ran) -> InvocationResult:
    instance.output.end(ran.log)
    result = results.of_call(outcome, ran)
    if reason := results.why(outcome):
        instance.output.note(ran.log, reason)
    instance.output.note(ran.log, results.end_mark(result))
    return results.with_tail(result, ran)


def cancelled(instance: Instance, log: InvocationOutput) -> None:
    instance.output.caught_up = False
    instance.output.end(log)
    instance.output.note(log, f"FC Invoke End RequestId: {log.request_id}, Error: Invocation canceled by client")
