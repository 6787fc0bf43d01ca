"""The console's API over an in-memory database, asked as a browser asks: with cookies, without a network."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import httpx
from cryptography.fernet import Fernet
from fastapi import FastAPI

from liuyun.catalog.catalog import Catalog
from liuyun.clock import Clock
from liuyun.errors import FunctionNotFound
from liuyun.gateway.console.app import console_app
from liuyun.gateway.console.news import NewsDesk
from liuyun.gateway.console.parts import FlowParts, FunctionParts, MessageParts, Parts
from liuyun.gateway.console.playground import Playground
from liuyun.gateway.console.turns import Turns
from liuyun.identity.access_keys import AccessKeys
from liuyun.identity.audit import Audit
from liuyun.identity.authenticator import Authenticator
from liuyun.identity.keyring import Keyring
from liuyun.identity.passwords import Passwords
from liuyun.identity.sessions import Sessions
from liuyun.identity.temporary import TemporaryCredentials
from liuyun.identity.users import Users
from liuyun.identity.vault import Vault
from liuyun.logs.search import LogSearch
from liuyun.messaging.queues import Queues
from liuyun.messaging.supervision import Supervision
from liuyun.messaging.topics import Topics
from liuyun.metadata.service import Configuration
from liuyun.model.account import AccessKey
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.model.people import Role
from liuyun.settings import load
from liuyun.storage.stores import executions
from liuyun.testing.ids import CountingIds
from liuyun.triggers.lifecycle import Triggers
from liuyun.workflow.event_search import EventSearch
from tests.unit.gateway.fc.stage import Stage
from tests.unit.workflow.world import ACCOUNT, World

KEY, SECRET, PASSWORD = "LTAItest", "secret", "correct horse"
HIDDEN = "nobody reads this"  # a secret among the settings


class Visitor:
    """`call` sends a request as whoever signed in last."""

    def __init__(self, app: FastAPI, parts: Parts, stage: Stage) -> None:
        self.app = app
        self.stage = stage
        self.parts = parts
        self.clock = parts.clock
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://l"
        )
        self.csrf = ""

    async def sign_in(self, role: Role = Role.ADMINISTRATOR) -> None:
        name = "admin" if role is Role.ADMINISTRATOR else f"a-{role}"
        if role is not Role.ADMINISTRATOR:
            await self.parts.users.create(name, role, PASSWORD)
        answer = await self.http.post("/api/session", json={"name": name, "password": PASSWORD})
        self.csrf = answer.json()["csrfToken"]

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        headers = {"x-csrf-token": self.csrf, **more.pop("headers", {})}
        return await self.http.request(method, path, json=body, headers=headers, **more)


@asynccontextmanager
async def visitor(*, playground_open: bool = False) -> AsyncGenerator[Visitor]:
    """What functions do is the stage's to say."""
    world = World()
    db, clock, ids, workflow = world.db, world.clock, world.ids, world.workflow
    root = AccessKey(ACCOUNT, KEY, SECRET)
    keyring = Keyring([root])
    vault = Vault(Fernet.generate_key())
    access_keys = AccessKeys(db=db, clock=clock, ids=ids, vault=vault, root=root, keyring=keyring, most=2)
    users = Users(
        db=db, clock=clock, passwords=Passwords(memory_kib=8), first_password=PASSWORD, changed=access_keys.refresh
    )
    temporary = TemporaryCredentials(b"k" * 32, clock, ids)
    configuration = Configuration(
        db=db, clock=clock, ids=ids, seal=lambda text: text[::-1], unseal=lambda text: text[::-1]
    )
    await configuration.start()
    with TemporaryDirectory() as folder:
        stage = Stage(Path(folder) / "code", db=db, clock=clock, ids=ids)
        await stage.functions.start()
        parts = Parts(
            clock=clock,
            ids=ids,
            users=users,
            access_keys=access_keys,
            sessions=Sessions(db=db, clock=clock, ids=ids, users=users, key=b"s" * 32),
            news=NewsDesk(changes=db.changes, clock=clock, statistics=dict, most=3, most_of_one=2),
            audit=Audit(db=db, clock=clock),
            authenticator=Authenticator(keyring, temporary, clock, max_nonces=100),
            configuration=configuration,
            functions=function_parts(stage),
            playground=no_playground(ids, clock, is_open=playground_open),
            messages=MessageParts(
                queues=Queues(db=db, clock=clock, ids=ids),
                topics=Topics(db=db, clock=clock, ids=ids, due=lambda subscriptions, instant: None),
                supervision=Supervision(db=db, clock=clock, due=lambda subscriptions, instant: None),
            ),
            flows=FlowParts(
                flows=workflow.flows,
                executions=workflow.executions,
                following=workflow.following,
                event_search=EventSearch(db),
                running=lambda: db.read(lambda tx: executions.count_running(tx, ACCOUNT)),
            ),
            settings=load(access_key_secret=HIDDEN),
            account_id=ACCOUNT,
            region="cn-hangzhou",
            body_bytes=100_000,
        )
        found = Visitor(console_app(parts), parts, stage)
        async with world, found.http:
            yield found


def function_parts(stage: Stage) -> FunctionParts:
    return FunctionParts(
        catalog=stage.catalog,
        triggers=stage.triggers,
        invoke=stage.observer.invoke,
        logs=stage.logs,
        log_search=LogSearch(stage.db),
        records=stage.records,
        traces=stage.traces,
        minutes=stage.minutes,
        statistics=lambda: {"compute": {"instances": 2, "running": 1}},
    )


def no_playground(ids: CountingIds, clock: Clock, *, is_open: bool) -> Playground:
    """The page's other side on a platform where nobody has deployed the engine."""

    async def invoke(call: Invocation) -> InvocationResult:
        raise FunctionNotFound(call.service, call.function)

    nothing = cast(Any, None)
    return Playground(
        invoke=invoke, catalog=cast(Catalog, nothing), triggers=cast(Triggers, nothing), ids=ids, account_id=ACCOUNT,
        turns=Turns(clock, most=1, most_of_one=1, per_minute=2), is_open=is_open,
    )  # fmt: skip
