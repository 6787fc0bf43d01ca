"""Operations on objects: their content streams through, in and out. Source: triggers contract 3.4."""

import re
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Mapping
from email.utils import formatdate
from urllib.parse import unquote

from liuyun.errors import Invalid
from liuyun.gateway.http import Response
from liuyun.gateway.oss.call import Call, answer, done, encoding, spelled, stamp
from liuyun.gateway.xml import element, parse
from liuyun.model.object import StoredObject
from liuyun.objects.errors import PreconditionUnmet
from liuyun.objects.objects import Draft

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
KEPT = ("content-type", "content-encoding", "content-disposition", "content-language", "cache-control", "expires")
OVERRIDES = tuple(f"response-{name}" for name in KEPT)
METADATA = "x-oss-meta-"
DEFAULT_TYPE = "application/octet-stream"
MD5_BYTES = 16
MOST_DELETED = 1000


async def put_object(call: Call) -> Response:
    draft = Draft(call.account_id, call.address.bucket, call.address.key, kept_headers(call), announced_md5(call))
    item = await call.store.objects.put(draft, call.request.parts(call.object_bytes))
    md5 = b64encode(bytes.fromhex(item.md5)).decode()
    return done(call, headers=[*identity(item), ("Content-MD5", md5)])


async def copy_object(call: Call) -> Response:
    """Within one account. The copy gets the metadata of its source unless the request says REPLACE."""
    bucket, _, key = unquote(call.request.headers.get("x-oss-copy-source")).removeprefix("/").partition("/")
    source = await call.store.objects.find(call.account_id, bucket, key)
    replacing = call.request.headers.get("x-oss-metadata-directive").upper() == "REPLACE"
    headers = kept_headers(call) if replacing else source.headers
    draft = Draft(call.account_id, call.address.bucket, call.address.key, headers)
    item = await call.store.objects.put(draft, call.store.objects.read(source))
    facts = element("ETag", f'"{item.md5}"') + element("LastModified", stamp(item.updated_at))
    return answer(call, "CopyObjectResult", facts)


async def get_object(call: Call) -> Response:
    item = await found(call)
    if matches(item, call.request.headers.get("if-none-match")):
        return done(call, 304, identity(item))
    headers = described(item, overrides(call.params))
    part = part_of(call.request.headers.get("range"), item.size)
    if part is None:
        headers.append(("Content-Length", str(item.size)))
        return streamed(call, 200, headers, call.store.objects.read(item))
    start, length = part
    headers += [
        ("Content-Length", str(length)),
        ("Content-Range", f"bytes {start}-{start + length - 1}/{item.size}"),
    ]
    return streamed(call, 206, headers, call.store.objects.read(item, start, length))


async def head_object(call: Call) -> Response:
    item = await found(call)
    headers = [*described(item, {}), ("Content-Length", str(item.size))]
    return streamed(call, 200, headers, nothing())


async def delete_object(call: Call) -> Response:
    await call.store.objects.delete(call.account_id, call.address.bucket, call.address.key)
    return done(call, 204)


async def delete_objects(call: Call) -> Response:
    document = parse(call.request.body, "Delete")
    keys = [item.value("Key") or "" for item in document.each("Object")]
    if len(keys) > MOST_DELETED:
        raise Invalid(f"at most {MOST_DELETED} objects can be deleted at once, but there are {len(keys)}")
    for key in keys:
        await call.store.objects.delete(call.account_id, call.address.bucket, key)
    if document.boolean("Quiet"):
        return done(call)
    deleted = "".join(f"<Deleted>{element('Key', spelled(call, key))}</Deleted>" for key in keys)
    return answer(call, "DeleteResult", encoding(call) + deleted)


async def found(call: Call) -> StoredObject:
    """Raises PreconditionUnmet besides what `find` raises."""
    item = await call.store.objects.find(call.account_id, call.address.bucket, call.address.key)
    condition = call.request.headers.get("if-match")
    if condition and not matches(item, condition):
        raise PreconditionUnmet("the object is not the one in If-Match; it has changed")
    return item


def matches(item: StoredObject, condition: str) -> bool:
    return condition == "*" or item.md5 in {tag.strip().strip('"').upper() for tag in condition.split(",") if tag}


def part_of(text: str, size: int) -> tuple[int, int] | None:
    """Start and length of the wanted part; None for all of it, as the vendor answers a range that can't be had."""
    asked = RANGE.fullmatch(text.strip())
    if asked is None or not (asked[1] or asked[2]):
        return None
    if not asked[1]:
        length = min(int(asked[2]), size)
        return (size - length, length) if length else None
    start = int(asked[1])
    end = min(int(asked[2]), size - 1) if asked[2] else size - 1
    return (start, end - start + 1) if start <= end else None


def kept_headers(call: Call) -> dict[str, str]:
    headers = {name: value for name, value in call.request.headers.raw if name in KEPT or name.startswith(METADATA)}
    return {"content-type": DEFAULT_TYPE, **headers}


def announced_md5(call: Call) -> str:
    """Raises Invalid."""
    text = call.request.headers.get("content-md5")
    try:
        digest = b64decode(text, validate=True)
    except ValueError:
        digest = b"?"
    if len(digest) not in {0, MD5_BYTES}:
        raise Invalid(f"Content-MD5 must be the base64 text of the content's MD5, but is '{text[:40]}'")
    return digest.hex().upper()


def overrides(params: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix("response-"): params[name] for name in OVERRIDES if params.get(name)}


def described(item: StoredObject, instead: Mapping[str, str]) -> list[tuple[str, str]]:
    own = {**item.headers, **instead}
    return [
        *((name.title() if name in KEPT else name, value) for name, value in own.items() if value.isprintable()),
        *identity(item),
        ("Last-Modified", formatdate(item.updated_at / 1000, usegmt=True)),
        ("Accept-Ranges", "bytes"),
        ("x-oss-object-type", "Normal"),
        ("x-oss-storage-class", "Standard"),
    ]


def identity(item: StoredObject) -> list[tuple[str, str]]:
    """oss2 compares the checksum with what it read or sent."""
    return [("ETag", f'"{item.md5}"'), ("x-oss-hash-crc64ecma", item.crc64)]


async def nothing() -> AsyncIterator[bytes]:
    for part in ():
        yield part


def streamed(call: Call, status: int, headers: list[tuple[str, str]], content: AsyncIterator[bytes]) -> Response:
    """The gateway adds no length of its own to what streams."""
    return Response(status, content, [("x-oss-request-id", call.request.request_id), *headers])
