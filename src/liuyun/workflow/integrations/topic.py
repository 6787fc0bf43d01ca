"""Tasks that publish a message to a topic."""

from liuyun.errors import PlatformError
from liuyun.ids import Ids
from liuyun.model.execution import ExecutionKey
from liuyun.workflow.core.activations import Activation, TaskFailed, TaskReturned
from liuyun.workflow.core.effects import PublishMessage
from liuyun.workflow.documents import JsonObject
from liuyun.workflow.integrations.ports import Ports, Receipt


class TopicPublishes:
    def __init__(self, ports: Ports, ids: Ids) -> None:
        self._ports = ports
        self._ids = ids

    async def __call__(self, key: ExecutionKey, effect: PublishMessage) -> Activation:
        try:
            receipt = await self._ports.publish(
                key.account_id, effect.topic, effect.body, tag=effect.tag, attributes=effect.attributes
            )
        except PlatformError as error:
            return refused(effect.event_id, error, self._ports)
        return TaskReturned(effect.event_id, answer(receipt, self._ids))


def answer(receipt: Receipt, ids: Ids) -> JsonObject:
    """What the message service answers to a message (fnf contract 3.7)."""
    return {"MessageId": receipt.message_id, "MessageBodyMD5": receipt.body_md5, "RequestId": ids.uuid()}


def refused(event_id: int, error: PlatformError, ports: Ports) -> TaskFailed:
    _, code = ports.explain_message(error)
    return TaskFailed(event_id, f"MNS.{code}", error.phrase or error.message)
