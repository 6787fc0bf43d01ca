"""Versions, aliases and triggers as the API shows and takes them."""

from typing import Annotated, Any

from pydantic import Field

from liuyun.gateway.console.function_models import RecordView
from liuyun.gateway.console.models import Body
from liuyun.model.function import Trigger, is_own
from liuyun.model.release import Alias, Version
from liuyun.triggers.deliveries import Summary

Text = Annotated[str, Field(max_length=1024)]
Name = Annotated[str, Field(max_length=128)]
Weights = Annotated[dict[Name, float], Field(max_length=10)]


class VersionView(Body):
    version_id: str
    description: str
    created_at: int


class VersionList(Body):
    versions: list[VersionView]


class NewVersion(Body):
    description: Text = ""


class AliasView(Body):
    """`weights` are shares of the calls, from 0 to 1, that go to other versions."""

    name: str
    version_id: str
    weights: dict[str, float]
    description: str
    updated_at: int
    etag: str


class AliasList(Body):
    aliases: list[AliasView]


class AliasChange(Body):
    """Makes the alias if it isn't there; what is left out stays as it is."""

    version_id: Name | None = None
    weights: Weights | None = None
    description: Text | None = None
    etag: Annotated[str, Field(max_length=128, description="Of the state that was seen; empty: whatever it is.")] = ""


class TriggerView(Body):
    """`url` is the path under which an HTTP trigger's function answers. The numbers count from the platform's start."""

    name: str
    kind: str
    qualifier: str
    config: dict[str, Any]
    source_arn: str
    description: str
    url: str
    delivered: int
    failed: int
    mean_lag_ms: float
    worst_lag_ms: int
    last: list[RecordView]
    created_at: int
    updated_at: int


class TriggerList(Body):
    triggers: list[TriggerView]


class NewTrigger(Body):
    name: Name
    kind: Name
    qualifier: Name = "LATEST"
    config: dict[str, Any] = Field(default={}, max_length=50)
    source_arn: Annotated[str, Field(max_length=512)] = ""
    description: Text = ""


def version_view(version: Version) -> VersionView:
    return VersionView.model_validate(version)


def alias_view(alias: Alias) -> AliasView:
    return AliasView.model_validate(alias)


def trigger_view(trigger: Trigger, summary: Summary) -> TriggerView:
    return TriggerView(
        name=trigger.name,
        kind=trigger.kind,
        qualifier=trigger.qualifier,
        config=dict(trigger.config),
        source_arn=trigger.source_arn,
        description=trigger.description,
        url=url_of(trigger) if trigger.kind == "http" else "",
        delivered=summary.delivered,
        failed=summary.failed,
        mean_lag_ms=round(summary.mean_lag_ms, 1),
        worst_lag_ms=summary.worst_lag_ms,
        last=[RecordView.model_validate(record) for record in summary.last],
        created_at=trigger.created_at,
        updated_at=trigger.updated_at,
    )


def url_of(trigger: Trigger) -> str:
    qualifier = "" if trigger.qualifier == "LATEST" else f".{trigger.qualifier}"
    if is_own(trigger.service):
        return f"/2023-03-30/proxy/{trigger.function}{qualifier}/"
    return f"/2016-08-15/proxy/{trigger.service}{qualifier}/{trigger.function}/"
