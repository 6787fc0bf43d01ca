"""Tasks that send a message to a queue."""

from liuyun.errors import PlatformError
from liuyun.ids import Ids
from liuyun.model.execution import ExecutionKey
from liuyun.workflow.core.activations import Activation, TaskReturned
from liuyun.workflow.core.effects import SendMessage
from liuyun.workflow.integrations.ports import Ports
from liuyun.workflow.integrations.topic import answer, refused


class QueueSends:
    def __init__(self, ports: Ports, ids: Ids) -> None:
        self._ports = ports
        self._ids = ids

    async def __call__(self, key: ExecutionKey, effect: SendMessage) -> Activation:
        try:
            receipt = await self._ports.send(
                key.account_id, effect.queue, effect.body, priority=effect.priority, delay_s=effect.delay_s
            )
        except PlatformError as error:
            return refused(effect.event_id, error, self._ports)
        return TaskReturned(effect.event_id, answer(receipt, self._ids))
