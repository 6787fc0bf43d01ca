"""Tasks that call a function."""

from liuyun.errors import PlatformError
from liuyun.ids import Ids
from liuyun.model.execution import ExecutionKey
from liuyun.model.function import own_service
from liuyun.model.invocation import Invocation
from liuyun.workflow.core import outcomes
from liuyun.workflow.core.activations import Activation, TaskFailed
from liuyun.workflow.core.effects import InvokeFunction
from liuyun.workflow.integrations.ports import Ports


class FunctionCalls:
    def __init__(self, ports: Ports, ids: Ids) -> None:
        self._ports = ports
        self._ids = ids

    async def __call__(self, key: ExecutionKey, effect: InvokeFunction) -> Activation:
        invocation = Invocation(
            account_id=key.account_id,
            service=effect.service or own_service(effect.function),
            function=effect.function,
            payload=effect.payload.encode(),
            request_id=self._ids.uuid(),
            qualifier=effect.qualifier,
            retry_count=effect.attempt - 1,
            source="flow",
        )
        try:
            result = await self._ports.invoke(invocation)
        except PlatformError as error:
            name = outcomes.function_error(*self._ports.explain_function(error))
            return TaskFailed(effect.event_id, name, error.phrase or error.message)
        return outcomes.of_invocation(effect.event_id, result)
