"""Objects in parts. Source: triggers contract 3.4."""

from liuyun.gateway.http import Response
from liuyun.gateway.oss.call import Call, answer, done, encoding, owner, spelled, stamp
from liuyun.gateway.oss.objects import kept_headers
from liuyun.gateway.xml import element, parse
from liuyun.objects.multipart import MOST_PARTS, Place

MOST_LISTED = 1000


async def initiate(call: Call) -> Response:
    upload = await call.store.multipart.begin(place_of(call), kept_headers(call))
    facts = element("Bucket", upload.bucket) + element("Key", spelled(call, upload.key))
    return answer(call, "InitiateMultipartUploadResult", encoding(call) + facts + element("UploadId", upload.upload_id))


async def upload_part(call: Call) -> Response:
    number = call.number("partNumber", 0, MOST_PARTS)
    content = call.request.parts(call.object_bytes)
    part = await call.store.multipart.put(place_of(call), call.params["uploadId"], number, content)
    return done(call, headers=[("ETag", f'"{part.md5}"'), ("x-oss-hash-crc64ecma", part.crc64)])


async def complete(call: Call) -> Response:
    document = parse(call.request.body, "CompleteMultipartUpload", most=4 * MOST_PARTS)
    wanted = [(each.integer("PartNumber") or 0, each.value("ETag") or "") for each in document.each("Part")]
    item = await call.store.multipart.complete(place_of(call), call.params["uploadId"], wanted)
    facts = {
        "Location": f"{call.request.scheme}://{call.request.host}/{item.bucket}/{item.key}",
        "Bucket": item.bucket,
        "Key": spelled(call, item.key),
        "ETag": f'"{item.md5}"',
    }
    body = encoding(call) + "".join(element(name, value) for name, value in facts.items())
    response = answer(call, "CompleteMultipartUploadResult", body)
    response.headers += [("ETag", f'"{item.md5}"'), ("x-oss-hash-crc64ecma", item.crc64)]
    return response


async def abort(call: Call) -> Response:
    await call.store.multipart.abort(place_of(call), call.params["uploadId"])
    return done(call, 204)


async def list_parts(call: Call) -> Response:
    upload_id, limit = call.params["uploadId"], call.number("max-parts", MOST_LISTED, MOST_LISTED)
    after = call.number("part-number-marker", 0, MOST_PARTS) if call.params.get("part-number-marker") != "0" else 0
    found = await call.store.multipart.parts(place_of(call), upload_id, after=after, limit=limit + 1)
    shown = found[:limit]
    facts = {
        "Bucket": call.address.bucket,
        "Key": spelled(call, call.address.key),
        "UploadId": upload_id,
        "PartNumberMarker": after,
        "NextPartNumberMarker": shown[-1].number if shown else 0,
        "MaxParts": limit,
        "IsTruncated": "true" if len(found) > limit else "false",
    }
    parts = "".join(
        "<Part>"
        + element("PartNumber", part.number)
        + element("LastModified", stamp(part.updated_at))
        + element("ETag", f'"{part.md5}"')
        + element("HashCrc64ecma", part.crc64)
        + element("Size", part.size)
        + "</Part>"
        for part in shown
    )
    head = "".join(element(name, value) for name, value in facts.items())
    return answer(call, "ListPartsResult", encoding(call) + head + parts)


async def list_uploads(call: Call) -> Response:
    key, upload_id = call.params.get("key-marker", ""), call.params.get("upload-id-marker", "")
    limit = call.number("max-uploads", MOST_LISTED, MOST_LISTED)
    found = await call.store.multipart.list(
        call.account_id, call.address.bucket, key=key, upload_id=upload_id, limit=limit + 1
    )
    shown = found[:limit]
    facts = {
        "Bucket": call.address.bucket,
        "KeyMarker": spelled(call, key),
        "UploadIdMarker": upload_id,
        "NextKeyMarker": spelled(call, shown[-1].key) if shown else "",
        "NextUploadIdMarker": shown[-1].upload_id if shown else "",
        "MaxUploads": limit,
        "IsTruncated": "true" if len(found) > limit else "false",
    }
    uploads = "".join(
        "<Upload>"
        + element("Key", spelled(call, upload.key))
        + element("UploadId", upload.upload_id)
        + element("Initiated", stamp(upload.created_at))
        + "</Upload>"
        for upload in shown
    )
    head = "".join(element(name, value) for name, value in facts.items())
    return answer(call, "ListMultipartUploadsResult", encoding(call) + head + owner(call.account_id) + uploads)


def place_of(call: Call) -> Place:
    return call.account_id, call.address.bucket, call.address.key
