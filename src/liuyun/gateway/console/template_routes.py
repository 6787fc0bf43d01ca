"""What new functions begin with, besides the console's own templates: entries of the schema `function-template`."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, ValidationError

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.config_readers import reader
from liuyun.gateway.console.function_models import Environment, FilePath, SourceText, Text
from liuyun.gateway.console.guard import Anybody, ThePlatform
from liuyun.gateway.console.models import Body
from liuyun.model.config import Json

router = ConsoleRouter(prefix="/api/function-templates", tags=["functions"])
SCHEMA = "function-template"


class Words(Body):
    en: Text = ""
    zh: Text = ""


class FunctionTemplate(Body):
    name: str
    title: Words
    hint: Words = Words()
    service: Text = Field(default="", description="Where such functions belong; empty: FC 3.0, no service.")
    runtime: Text
    handler: Text
    memory_mb: int = 256
    timeout_s: int = 60
    environment: Environment = Field(default={})
    files: Annotated[dict[FilePath, SourceText], Field(min_length=1, max_length=100)]


class FunctionTemplates(Body):
    templates: list[FunctionTemplate]


@router.get("", summary="Templates of the account for new functions", operation_id="listFunctionTemplates")
async def list_templates(_: Anybody, parts: ThePlatform) -> FunctionTemplates:
    """An entry that doesn't have the form of a template is left out."""
    return FunctionTemplates(templates=list(templates(parts.configuration.reading.values(SCHEMA, reader("", "")))))


def templates(values: Any) -> Iterator[FunctionTemplate]:
    for name, value in values.items():
        if (found := template(name, value)) is not None:
            yield found


def template(name: str, value: Json) -> FunctionTemplate | None:
    if not isinstance(value, dict):
        return None
    try:
        return FunctionTemplate.model_validate({**value, "name": name})
    except ValidationError:
        return None
