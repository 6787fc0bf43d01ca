"""Functions and their code. Source: fc contract 1.4."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from liuyun.catalog.changes import ZipFile
from liuyun.clock import rfc3339
from liuyun.errors import Invalid, NotFound
from liuyun.gateway.fc.call import Call, answer, done, listing, next_token
from liuyun.gateway.fc.v2016.bodies import CodeBody, FunctionBody, read
from liuyun.gateway.http import Request, Response
from liuyun.model.function import Function

CHUNK = 256 * 1024


async def create_function(call: Call) -> Response:
    body = await read(FunctionBody, call.request.body)
    changes = body.changes(await sent_code(call, body.code))
    function = await call.platform.functions.create(
        call.account_id, call.names["service"], body.functionName or "", changes
    )
    return answer(call, function_body(function), etag=function.etag)


async def get_function(call: Call) -> Response:
    function = await existing(call)
    return answer(call, function_body(function), etag=function.etag)


async def update_function(call: Call) -> Response:
    body = await read(FunctionBody, call.request.body)
    changes = body.changes(await sent_code(call, body.code))
    service, name = call.names["service"], call.names["function"]
    function = await call.platform.functions.update(call.account_id, service, name, changes, if_match=call.if_match)
    return answer(call, function_body(function), etag=function.etag)


async def delete_function(call: Call) -> Response:
    service, name = call.names["service"], call.names["function"]
    await call.platform.functions.delete(call.account_id, service, name, if_match=call.if_match)
    return done(call)


async def list_functions(call: Call) -> Response:
    service, qualifier = call.service_and_qualifier()
    page = await call.platform.functions.list(call.account_id, service, listing(call.query()), qualifier)
    return answer(call, {"functions": [function_body(item) for item in page.items], **next_token(page.next_key)})


async def get_function_code(call: Call) -> Response:
    function = await existing(call)
    return answer(call, {"url": code_link(call, function), "checksum": function.code_checksum})


def code_link(call: Call, function: Function) -> str:
    return package_link(call, function.package)


def package_link(call: Call, package: str) -> str:
    """Where the package can be fetched without credentials for a while."""
    target = f"/2016-08-15/liuyun/code/{package}?{call.platform.links.query(package)}"
    return f"{call.request.scheme}://{authority(call.request)}{target}"


async def download_code(call: Call) -> Response:
    """Open to whoever holds the link."""
    query, package = call.query(), call.names["package"]
    call.platform.links.check(package, query.get("expires", ""), query.get("signature", ""))
    file = call.platform.code.zip_file(package)
    size = await asyncio.to_thread(size_of, file)
    headers = [
        ("Content-Type", "application/zip"),
        ("Content-Length", str(size)),
        ("Content-Disposition", 'attachment; filename="code.zip"'),
    ]
    return Response(200, content_of(file), headers)


async def content_of(file: Path) -> AsyncIterator[bytes]:
    source = await asyncio.to_thread(file.open, "rb")
    try:
        while chunk := await asyncio.to_thread(source.read, CHUNK):
            yield chunk
    finally:
        source.close()


def size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        raise NotFound("the code is not there any more: the function has newer code, or was deleted") from None


async def existing(call: Call) -> Function:
    service, qualifier = call.service_and_qualifier()
    return await call.platform.functions.get(call.account_id, service, call.names["function"], qualifier)


def authority(request: Request) -> str:
    """Where the client reached us. Node's client leaves the port out of its Host header (fc contract 0.1)."""
    host = request.headers.get("host") or "127.0.0.1"
    has_port = host.rpartition("]")[2].find(":") >= 0
    return host if has_port or request.port in {0, 80} else f"{host}:{request.port}"


async def sent_code(call: Call, body: CodeBody | None) -> ZipFile | None:
    """The code that the request carries, or that lies in the object which it names. Raises Invalid or TooLarge."""
    if body is None:
        return None
    if body.zipFile is not None:
        return ZipFile(body.zipFile, body.checksum or announced_checksum(call))
    if not body.ossBucketName and not body.ossObjectName:
        return None
    if not body.ossBucketName or not body.ossObjectName:
        raise Invalid("code: ossBucketName and ossObjectName belong together; give both")
    limit = call.platform.code_bytes
    content = await call.platform.uploads.take(call.account_id, body.ossBucketName, body.ossObjectName, limit)
    return ZipFile(content, body.checksum or announced_checksum(call))


def announced_checksum(call: Call) -> str:
    return call.request.headers.get("x-fc-code-checksum")


def function_body(function: Function) -> dict[str, Any]:
    return {
        "functionName": function.name,
        "functionId": function.function_id,
        "description": function.description,
        "runtime": function.runtime,
        "handler": function.handler,
        "memorySize": function.memory_mb,
        "timeout": function.timeout_s,
        "initializer": function.initializer,
        "initializationTimeout": function.initialization_timeout_s,
        "instanceConcurrency": function.instance_concurrency,
        "environmentVariables": function.environment,
        "layers": function.layers,
        "codeSize": function.code_size,
        "codeChecksum": function.code_checksum,
        **function.config,
        "createdTime": rfc3339(function.created_at),
        "lastModifiedTime": rfc3339(function.updated_at),
    }
