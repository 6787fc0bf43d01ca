"""Tasks that call a function."""

from collections.abc import Callable

from liuyun.errors import PlatformError
from liuyun.ids import Ids
from liuyun.model.execution import ExecutionKey
from liuyun.model.function import own_service
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.workflow.core import outcomes
from liuyun.workflow.core.activations import Activation, TaskFailed
from liuyun.workflow.core.effects import InvokeFunction
from liuyun.workflow.integrations.ports import Ports


class FunctionCalls:
    def __init__(self, ports: Ports, ids: Ids) -> None:
        self._ports = ports
        self._ids = ids

    async def __call__(self, key: ExecutionKey, effect: InvokeFunction) -> Activation:
        try:
            result = await self._ports.invoke(self._invocation(key, effect))
        except PlatformError as error:
            return self._refused(effect, error)
        return outcomes.of_invocation(effect.event_id, result)

    def begin(
        self, key: ExecutionKey, effect: InvokeFunction, then: Callable[[Activation | Exception], None]
    ) -> Callable[[], object] | None:
        """The same for a call that needs no task; None if it needs one. `then` is told of what nobody expected, too."""

        def ended(came_to: InvocationResult | Exception) -> None:
            if isinstance(came_to, PlatformError):
                then(self._refused(effect, came_to))
            elif isinstance(came_to, Exception):
                then(came_to)
            else:
                then(outcomes.of_invocation(effect.event_id, came_to))

        return self._ports.begin_invoke(self._invocation(key, effect), ended)

    def _invocation(self, key: ExecutionKey, effect: InvokeFunction) -> Invocation:
        return Invocation(
            account_id=key.account_id,
            service=effect.service or own_service(effect.function),
            function=effect.function,
            payload=effect.payload.encode(),
            request_id=self._ids.uuid(),
            qualifier=effect.qualifier,
            retry_count=effect.attempt - 1,
            source="flow",
        )

    def _refused(self, effect: InvokeFunction, error: PlatformError) -> TaskFailed:
        name = outcomes.function_error(*self._ports.explain_function(error))
        return TaskFailed(effect.event_id, name, error.phrase or error.message)
