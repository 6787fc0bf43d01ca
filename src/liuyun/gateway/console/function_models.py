"""Functions as the API shows and takes them."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, Path
from pydantic import Field

from liuyun.catalog.changes import FunctionChanges
from liuyun.errors import Invalid
from liuyun.gateway.console.models import Body
from liuyun.model.function import Function, is_own, own_service

NO_SERVICE = "-"  # no name of a service begins so
Text = Annotated[str, Field(max_length=1024)]
Qualifier = Annotated[str, Field(max_length=128)]
FilePath = Annotated[str, Field(min_length=1, max_length=512)]
SourceText = Annotated[str, Field(max_length=256 * 1024)]
HeaderName = Annotated[str, Field(max_length=128, pattern="^[A-Za-z0-9-]+$")]
HeaderValue = Annotated[str, Field(max_length=4096, pattern=r"^[\t -~]*$")]
Environment = Annotated[dict[str, str], Field(max_length=200)]


class FunctionRow(Body):
    """`service` is empty for a function of FC 3.0, which has none."""

    service: str
    name: str
    runtime: str
    handler: str
    description: str
    memory_mb: int
    timeout_s: int
    code_size: int
    updated_at: int


class FunctionPage(Body):
    functions: list[FunctionRow]
    services: list[str] = Field(description="Names of the services, with functions or without.")
    next: str | None = Field(default=None, description="For `after`; none on the last page.")


class FunctionView(FunctionRow):
    initializer: str
    initialization_timeout_s: int
    instance_concurrency: int
    environment: dict[str, str]
    layers: list[str]
    code_checksum: str
    created_at: int
    etag: str
    config: dict[str, Any]


class FunctionSettings(Body):
    """What is left out stays as it is."""

    runtime: Text | None = None
    handler: Text | None = None
    description: Text | None = None
    memory_mb: int | None = None
    timeout_s: int | None = None
    initializer: Text | None = None
    initialization_timeout_s: int | None = None
    instance_concurrency: int | None = None
    environment: Environment | None = None

    def changes(self) -> FunctionChanges:
        members = {name: getattr(self, name) for name in FunctionSettings.model_fields}
        return FunctionChanges(**members)


class ChangedSettings(FunctionSettings):
    etag: str = Field(default="", max_length=128, description="Of the state that was seen; empty: whatever it is.")


class NewFunction(FunctionSettings):
    service: str = Field(default="", max_length=128, description="Made if it isn't there; empty: FC 3.0, no service.")
    name: Annotated[str, Field(min_length=1, max_length=64)]
    files: dict[FilePath, SourceText] = Field(min_length=1, max_length=100, description="Texts by path.")


class FileView(Body):
    path: str
    size: int
    text: str | None = Field(description="None: no text, or too long for an editor.")


class CodeView(Body):
    files: list[FileView]
    etag: str
    size: int
    checksum: str


class CodeChange(Body):
    """Files that aren't named stay as they are."""

    files: dict[FilePath, SourceText] = Field(default={}, max_length=100, description="New texts by path.")
    removed: list[FilePath] = Field(default=[], max_length=1000)
    etag: str = Field(default="", max_length=128, description="Of the state that was seen; empty: whatever it is.")


class HttpPart(Body):
    method: Literal["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"] = "GET"
    path: Annotated[str, Field(max_length=2048, pattern="^/[!-~]*$", description="As it is sent: encoded.")] = "/"
    query: Annotated[str, Field(max_length=2048, pattern="^[!-~]*$")] = ""
    headers: dict[HeaderName, HeaderValue] = Field(default={}, max_length=100)


class Call(Body):
    """With `http`, the call is a request at the function's HTTP trigger, and the payload its body."""

    payload: str = ""
    qualifier: Qualifier = ""
    http: HttpPart | None = None


class HeaderView(Body):
    name: str
    value: str


class HttpAnswerView(Body):
    status: int
    headers: list[HeaderView]


class CallResult(Body):
    request_id: str
    error_type: str | None
    payload: str
    truncated: bool = Field(description="There was more than is shown.")
    duration_ms: float
    memory_mb: float
    cold_start: bool
    version_id: str
    instance_id: str
    log: str = Field(description="The last 4 KB of what it printed.")
    http: HttpAnswerView | None = None


class RecordView(Body):
    request_id: str
    began_at: int
    ended_at: int
    source: str
    qualifier: str
    version_id: str
    instance_id: str
    outcome: str
    error: str
    retry: int
    lag_ms: int
    duration_ms: float
    billed_ms: int
    memory_mb: float
    cold: bool


class Records(Body):
    records: list[RecordView]
    before: int | None = Field(description="Where the search goes on; none if all was looked at.")


class SpanView(Body):
    """Times are milliseconds since the epoch; `error` is empty unless it failed."""

    trace_id: str
    span_id: str
    parent_id: str
    request_id: str
    name: str
    began_at: float
    ended_at: float
    error: str
    attributes: dict[str, Any]


class TraceView(Body):
    spans: list[SpanView] = Field(description="In the order in which they began.")


class LogLineView(Body):
    at: int
    request_id: str
    instance_id: str
    stream: str
    text: str


class LogLines(Body):
    lines: list[LogLineView]


@dataclass(frozen=True, slots=True)
class Named:
    """The function that a request is about; its service by the name that it has inside."""

    service: str
    function: str

    def __str__(self) -> str:
        return f"{shown_service(self.service) or NO_SERVICE}/{self.function}"


def service_named(service: str, function: str) -> str:
    """Raises Invalid for what only the platform may say."""
    if is_own(service):
        raise Invalid(
            "service_name_at",
            "a service's name can't begin with '@'; {no_service} stands for none",
            no_service=NO_SERVICE,
        )
    return own_service(function) if service in {"", NO_SERVICE} else service


def named(
    service: Annotated[str, Path(max_length=128, description=f"`{NO_SERVICE}` for a function of FC 3.0")],
    function: Annotated[str, Path(max_length=64)],
) -> Named:
    return Named(service_named(service, function), function)


TheFunction = Annotated[Named, Depends(named)]


def shown_service(service: str) -> str:
    return "" if is_own(service) else service


def function_row(function: Function) -> FunctionRow:
    row = FunctionRow.model_validate(function)
    row.service = shown_service(function.service)
    return row


def function_view(function: Function) -> FunctionView:
    view = FunctionView.model_validate(function)
    view.service = shown_service(function.service)
    return view
