"""Documents of Message Service."""

from liuyun.gateway.xml import DECLARATION
from liuyun.messaging.core.notifications import NAMESPACE


def document(root: str, content: str) -> bytes:
    return f'{DECLARATION}<{root} xmlns="{NAMESPACE}">{content}</{root}>'.encode()
