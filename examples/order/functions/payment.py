"""Step payment: waits until the customer has chosen how to pay, and tells the flow.

One invocation waits for WAIT_S at most and then hands over to a fresh one by publishing its message again, so that many
undecided customers don't hold all instances for long. The topic may deliver a message twice: whoever reads the choice
reports it, and a second report counts for nothing.
"""

import json
import time
from typing import Any

from mns.topic import TopicMessage

import orders
import payment_queue
from cloud import message_service, report_succeeded

WAIT_S = 20  # well within the function's timeout in template.yml
POLL_S = 10  # an order that was given up is noticed after this long


def handler(event: bytes, context: Any) -> None:
    message = json.loads(event)
    order = message["order"]
    queue = payment_queue.payment_queue(context, order)
    payment_queue.create(queue)
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        choice = payment_queue.receive(queue, POLL_S)
        if choice is not None:
            report_succeeded(context, message["taskToken"], choice)
            payment_queue.delete(queue)
            return
        if orders.find(order)["status"] not in orders.AWAITING:
            payment_queue.delete(queue)
            return
    message_service(context).get_topic(message["topic"]).publish_message(TopicMessage(json.dumps(message)))
