"""The console, from the parts of the platform.

A module of its own that nothing imports at the start: what it stands on is over a quarter of what a start loads.
"""

from fastapi import FastAPI

from liuyun.catalog.catalog import Catalog
from liuyun.composition import Base, Observing
from liuyun.gateway.console.app import console_app
from liuyun.gateway.console.news import NewsDesk
from liuyun.gateway.console.parts import FlowParts, FunctionParts, MessageParts, Parts
from liuyun.gateway.console.playground import Playground
from liuyun.gateway.console.turns import Turns
from liuyun.identity.access_keys import AccessKeys
from liuyun.identity.audit import Audit
from liuyun.identity.authenticator import Authenticator
from liuyun.identity.passwords import Passwords
from liuyun.identity.root import RootKeys
from liuyun.identity.sessions import Sessions
from liuyun.identity.users import Users
from liuyun.logs.invocation_logs import InvocationLogs
from liuyun.logs.search import LogSearch
from liuyun.messaging.service import Messaging
from liuyun.metadata.service import Configuration
from liuyun.storage.stores import executions
from liuyun.triggers.lifecycle import Triggers
from liuyun.workflow.event_search import EventSearch
from liuyun.workflow.service import Workflow


def build_console(
    base: Base,
    root: RootKeys,
    *,
    authenticator: Authenticator,
    access_keys: AccessKeys,
    configuration: Configuration,
    workflow: Workflow,
    catalog: Catalog,
    triggers: Triggers,
    seen: Observing,
    logs: InvocationLogs,
    messaging: Messaging,
) -> FastAPI:
    db, clock, ids = base.db, base.clock, base.ids
    preset = base.settings.console_password is not None
    users = Users(
        db=db, clock=clock, passwords=Passwords(), first_password=root.console_password, preset=preset,
        changed=access_keys.refresh,
    )  # fmt: skip
    return console_app(Parts(
        clock=clock,
        ids=ids,
        users=users,
        access_keys=access_keys,
        sessions=Sessions(db=db, clock=clock, ids=ids, users=users, key=base.vault.derive("console sessions")),
        audit=Audit(db=db, clock=clock),
        authenticator=authenticator,
        configuration=configuration,
        playground=build_playground(base, root, catalog, triggers, seen),
        news=news_desk(base, seen),
        functions=function_parts(base, catalog, triggers, seen, logs),
        messages=MessageParts(queues=messaging.queues, topics=messaging.topics, supervision=messaging.supervision),
        flows=FlowParts(
            flows=workflow.flows,
            executions=workflow.executions,
            following=workflow.following,
            event_search=EventSearch(db),
            running=lambda: db.read(lambda tx: executions.count_running(tx, root.account_id)),
        ),
        settings=base.settings,
        account_id=root.account_id,
        region=base.settings.region,
        body_bytes=base.settings.limits.request_bytes,
    ))  # fmt: skip


def function_parts(
    base: Base, catalog: Catalog, triggers: Triggers, seen: Observing, logs: InvocationLogs
) -> FunctionParts:
    return FunctionParts(
        catalog=catalog,
        triggers=triggers,
        invoke=seen.observer.invoke,
        logs=logs,
        log_search=LogSearch(base.db),
        records=seen.records,
        traces=seen.traces,
        minutes=seen.minutes,
        statistics=seen.metrics.statistics,
    )


def news_desk(base: Base, seen: Observing) -> NewsDesk:
    limits = base.settings.limits
    return NewsDesk(
        changes=base.db.changes,
        clock=base.clock,
        statistics=seen.metrics.statistics,
        most=limits.console_streams,
        most_of_one=limits.console_streams_of_session,
    )


def build_playground(base: Base, root: RootKeys, catalog: Catalog, triggers: Triggers, seen: Observing) -> Playground:
    limits = base.settings.limits
    turns = Turns(
        base.clock,
        most=limits.playground_runs,
        most_of_one=limits.playground_runs_of_address,
        per_minute=limits.playground_runs_per_minute,
    )
    return Playground(
        invoke=seen.observer.invoke,
        catalog=catalog,
        triggers=triggers,
        ids=base.ids,
        account_id=root.account_id,
        turns=turns,
        is_open=base.settings.playground == "open",
    )
