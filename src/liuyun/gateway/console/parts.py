"""What the console's API is made of; `app.py` of the platform fills it in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import cast

from fastapi import Request

from liuyun.catalog.catalog import Catalog
from liuyun.clock import Clock
from liuyun.gateway.console.news import NewsDesk
from liuyun.gateway.console.playground import Playground
from liuyun.identity.access_keys import AccessKeys
from liuyun.identity.audit import Audit
from liuyun.identity.authenticator import Authenticator
from liuyun.identity.sessions import Sessions
from liuyun.identity.users import Users
from liuyun.ids import Ids
from liuyun.logs.invocation_logs import InvocationLogs
from liuyun.logs.invocation_records import InvocationRecords
from liuyun.logs.search import LogSearch
from liuyun.messaging.queues import Queues
from liuyun.messaging.supervision import Supervision
from liuyun.messaging.topics import Topics
from liuyun.metadata.service import Configuration
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.observability.minutes import Minutes
from liuyun.observability.traces import Traces
from liuyun.settings import Settings
from liuyun.triggers.lifecycle import Triggers
from liuyun.workflow.event_search import EventSearch
from liuyun.workflow.executions import Executions
from liuyun.workflow.flows import Flows
from liuyun.workflow.following import Following


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowParts:
    flows: Flows
    executions: Executions
    following: Following
    event_search: EventSearch
    running: Callable[[], Awaitable[int]]  # how many executions


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionParts:
    """What the pages of functions use."""

    catalog: Catalog
    triggers: Triggers
    invoke: Callable[[Invocation], Awaitable[InvocationResult]]
    logs: InvocationLogs
    log_search: LogSearch
    records: InvocationRecords
    traces: Traces
    minutes: Minutes
    statistics: Callable[[], Mapping[str, Mapping[str, int]]]  # of all parts of the platform


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageParts:
    queues: Queues
    topics: Topics
    supervision: Supervision


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    clock: Clock
    ids: Ids
    users: Users
    access_keys: AccessKeys
    sessions: Sessions
    audit: Audit
    authenticator: Authenticator
    configuration: Configuration
    playground: Playground
    news: NewsDesk
    flows: FlowParts
    functions: FunctionParts
    messages: MessageParts
    settings: Settings
    account_id: str
    region: str
    body_bytes: int


def parts_of(request: Request) -> Parts:
    return cast("Parts", request.app.state.parts)
