"""What the operator set, to be read: changing it takes a restart, so it is done where the platform is started."""

import asyncio
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, Field, SecretStr
from pydantic_core import to_jsonable_python

from liuyun.compute.sandbox import cgroups
from liuyun.compute.sandbox.probe import Ability, limits_in_force, probe
from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.guard import Operator, ThePlatform
from liuyun.gateway.console.models import Body, PhraseView, phrase_view
from liuyun.model.config import Json
from liuyun.settings import SECTIONS, Origin, Settings

router = ConsoleRouter(prefix="/api/settings", tags=["settings"])
MASK = "********"


class SettingView(Body):
    name: str = Field(description="As in the TOML file; `limits.memory_mb` stands in a section.")
    description: str
    value: Json
    default: Json
    origin: Origin
    secret: bool = Field(description="The value is never shown, only whether there is one.")


class AbilityView(Body):
    name: PhraseView
    works: bool
    detail: PhraseView | None = None


class IsolationView(Body):
    mode: str
    can_isolate: bool
    abilities: list[AbilityView] = Field(description="What `liuyun doctor` says of this machine.")
    limits: list[AbilityView]


class SettingsView(Body):
    settings: list[SettingView]
    isolation: IsolationView


@router.get("", summary="What the operator set, and what this machine can isolate", operation_id="getSettings")
async def get_settings(_: Operator, parts: ThePlatform) -> SettingsView:
    abilities, limits = await asyncio.to_thread(tried)
    isolation = IsolationView(
        mode=parts.settings.isolation,
        can_isolate=all(ability.works for ability in abilities),
        abilities=[ability_view(ability) for ability in abilities],
        limits=[ability_view(limit) for limit in limits],
    )
    return SettingsView(settings=list(settings_of(parts.settings)), isolation=isolation)


def ability_view(found: Ability) -> AbilityView:
    detail = phrase_view(found.detail) if found.detail is not None else None
    return AbilityView(name=phrase_view(found.name), works=found.works, detail=detail)


@lru_cache(1)
def tried() -> tuple[tuple[Ability, ...], tuple[Ability, ...]]:
    """Tried once: the machine doesn't change under a running platform."""
    return probe().abilities, tuple(limits_in_force(cgroups.detect()))


def settings_of(settings: Settings) -> Iterator[SettingView]:
    for name in type(settings).model_fields:
        if name in SECTIONS:
            yield from views(settings, getattr(settings, name), f"{name}.")
        else:
            yield view(settings, settings, name, name)


def views(settings: Settings, section: BaseModel, prefix: str) -> Iterator[SettingView]:
    for name in type(section).model_fields:
        yield view(settings, section, name, prefix + name)


def view(settings: Settings, owner: BaseModel, name: str, shown: str) -> SettingView:
    field = type(owner).model_fields[name]
    value, default = getattr(owner, name), field.get_default(call_default_factory=True, validated_data={})
    return SettingView(
        name=shown,
        description=field.description or "",
        value=plain(value),
        default=plain(default),
        origin=settings.origin(shown),
        secret="SecretStr" in str(field.annotation),
    )


def plain(value: Any) -> Json:
    return MASK if isinstance(value, SecretStr) else to_jsonable_python(value)
