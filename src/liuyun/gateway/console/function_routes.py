"""Functions: found, created, changed, deleted; their code, file by file."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from fastapi import Query

from liuyun.catalog.changes import FunctionChanges, ServiceChanges, ZipFile
from liuyun.catalog.own_functions import OwnedChanges
from liuyun.catalog.sources import edited, packed, source_files
from liuyun.errors import NotFound, ServiceExists, ServiceNotFound
from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.function_models import (
    ChangedSettings,
    CodeChange,
    CodeView,
    FileView,
    FunctionPage,
    FunctionView,
    NewFunction,
    TheFunction,
    function_row,
    function_view,
    service_named,
)
from liuyun.gateway.console.guard import Administrator, Anybody, ThePlatform
from liuyun.gateway.console.parts import Parts
from liuyun.model.function import Function, is_own
from liuyun.model.listing import Listing

router = ConsoleRouter(prefix="/api/functions", tags=["functions"])
MOST = 1000
QualifierQuery = Annotated[str, Query(max_length=128, description="A version or an alias; none: the newest state.")]


@router.get("", summary="Functions of all services", operation_id="listFunctions")
async def list_functions(
    _: Anybody,
    parts: ThePlatform,
    after: Annotated[str, Query(max_length=256, description="`next` of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 200,
) -> FunctionPage:
    service, _slash, name = after.partition("/")
    catalog = parts.functions.catalog
    found = await catalog.functions.everywhere(parts.account_id, (service, name), limit)
    services = await catalog.services.list(parts.account_id, Listing(limit=MOST))
    return FunctionPage(
        functions=[function_row(function) for function in found],
        services=[service.name for service in services.items],
        next=f"{found[-1].service}/{found[-1].name}" if len(found) == limit else None,
    )


@router.post("", summary="Create a function", status_code=201, operation_id="createFunction")
async def create_function(given: NewFunction, caller: Administrator, parts: ThePlatform) -> FunctionView:
    service = service_named(given.service, given.name)
    changes = replace(given.changes(), code=ZipFile(await asyncio.to_thread(packed, given.files)))
    function = await created(parts, service, given.name, changes)
    await caller.did(parts.audit, "CreateFunction", f"{given.service}/{given.name}", runtime=function.runtime)
    return function_view(function)


@router.get("/{service}/{function}", summary="One function", operation_id="getFunction")
async def get_function(at: TheFunction, _: Anybody, parts: ThePlatform, qualifier: QualifierQuery = "") -> FunctionView:
    functions = parts.functions.catalog.functions
    return function_view(await functions.get(parts.account_id, at.service, at.function, qualifier))


@router.patch("/{service}/{function}", summary="Change how a function runs", operation_id="changeFunction")
async def change_function(
    at: TheFunction, given: ChangedSettings, caller: Administrator, parts: ThePlatform
) -> FunctionView:
    function = await parts.functions.catalog.functions.update(
        parts.account_id, at.service, at.function, given.changes(), if_match=given.etag
    )
    told = sorted(name for name in given.model_fields_set if name != "etag")
    await caller.did(parts.audit, "ChangeFunction", str(at), changed=told)
    return function_view(function)


@router.delete("/{service}/{function}", summary="Delete a function and its triggers", status_code=204,
               operation_id="deleteFunction")  # fmt: skip
async def delete_function(at: TheFunction, caller: Administrator, parts: ThePlatform) -> None:
    await parts.functions.catalog.functions.delete(parts.account_id, at.service, at.function)
    await caller.did(parts.audit, "DeleteFunction", str(at))


@router.get("/{service}/{function}/code", summary="A function's files", operation_id="getFunctionCode")
async def get_code(at: TheFunction, _: Anybody, parts: ThePlatform, qualifier: QualifierQuery = "") -> CodeView:
    functions = parts.functions.catalog.functions
    function = await functions.get(parts.account_id, at.service, at.function, qualifier)
    return await code_view(parts, function)


@router.put("/{service}/{function}/code", summary="Deploy changed files", operation_id="putFunctionCode")
async def put_code(at: TheFunction, given: CodeChange, caller: Administrator, parts: ThePlatform) -> CodeView:
    functions = parts.functions.catalog.functions
    old = await functions.get(parts.account_id, at.service, at.function)
    before = await package_of(parts, old)
    content = await asyncio.to_thread(edited, before, given.files, frozenset(given.removed))
    changes = FunctionChanges(code=ZipFile(content))
    new = await functions.update(parts.account_id, at.service, at.function, changes, if_match=given.etag or old.etag)
    await caller.did(parts.audit, "DeployCode", str(at), checksum=new.code_checksum)
    return await code_view(parts, new)


async def created(parts: Parts, service: str, name: str, changes: FunctionChanges) -> Function:
    catalog = parts.functions.catalog
    if is_own(service):
        whole = OwnedChanges(service=ServiceChanges(), function=changes)
        return (await catalog.own_functions.create(parts.account_id, name, whole)).function
    try:
        await catalog.services.get(parts.account_id, service)
    except ServiceNotFound:
        await made(parts, service)
    return await catalog.functions.create(parts.account_id, service, name, changes)


async def made(parts: Parts, service: str) -> None:
    try:
        await parts.functions.catalog.services.create(parts.account_id, service, ServiceChanges())
    except ServiceExists:  # by somebody else, a moment ago
        return


async def code_view(parts: Parts, function: Function) -> CodeView:
    content = await package_of(parts, function)
    files = await asyncio.to_thread(source_files, content)
    return CodeView(
        files=[FileView.model_validate(file) for file in files],
        etag=function.etag,
        size=function.code_size,
        checksum=function.code_checksum,
    )


async def package_of(parts: Parts, function: Function) -> bytes:
    return await asyncio.to_thread(read, parts.functions.catalog.code.zip_file(function.package))


def read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise NotFound(
            "code_gone", "the code is not there any more: the function has newer code, or was deleted"
        ) from None
