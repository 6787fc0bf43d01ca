"""The requests that Schemathesis makes of the console's OpenAPI document, sent to a platform."""

import os
from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeAlias

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from liuyun.gateway.console.app import described
from tests.contract.console.client import Client

Operation: TypeAlias = APIOperation[Any, Any, Any, Any]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "1"))  # of each kind, for each route
BOUNDS = EXAMPLES * 5
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SETTINGS = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
SCHEMA = schemathesis.openapi.from_dict(described().openapi())
SCHEMA.config.generation.update(with_security_parameters=False)
STREAMS = {"GET /api/config/stream", "GET /api/news"}
OPERATIONS: dict[str, Operation] = {
    found.ok().label: found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)
}
LONGEST_WAIT_S = 0.01


def try_all(sender: Client, operation: Operation) -> None:
    for mode in modes(operation):

        @SETTINGS
        @given(case=operation.as_strategy(generation_mode=mode))
        def generated(case: Case) -> None:
            send(sender, case)

        generated()
    for case in islice(bounds(operation), BOUNDS):
        send(sender, case)
    for case in islice(bounds(operation), BOUNDS if operation.path_parameters and operation.method != "delete" else 0):
        case.path_parameters = {name: sender.existing(operation.path, name) for name in case.path_parameters}
        send(sender, case)


def modes(operation: Operation) -> list[GenerationMode]:
    """What takes nothing can't be given what doesn't fit."""
    takes = [*operation.iter_parameters(), *operation.body]
    return [GenerationMode.POSITIVE, GenerationMode.NEGATIVE] if takes else [GenerationMode.POSITIVE]


def bounds(operation: Operation) -> Iterator[Case]:
    generation = SCHEMA.config.generation
    return SCHEMA.iter_coverage_cases(operation, generation_modes=modes(operation), generation_config=generation)


def send(sender: Client, case: Case) -> None:
    wait_s = (case.query or {}).get("waitS")
    if isinstance(wait_s, int | float):
        case.query["waitS"] = min(wait_s, LONGEST_WAIT_S)
    if case.operation.label in STREAMS:
        look_at_a_stream(sender, case)
    else:
        case.call_and_validate(sender.endpoint, sender, checks=CHECKS, timeout=30)


def look_at_a_stream(sender: Client, case: Case) -> None:
    """How it begins: it has no end."""
    asked = case.as_transport_kwargs(sender.endpoint)
    with sender.request(**asked, stream=True, timeout=30) as answer:
        if answer.ok:
            assert answer.headers["content-type"].startswith("text/event-stream")
        else:
            case.validate_response(Response.from_any(answer), CHECKS)
