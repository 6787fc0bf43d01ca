"""Lists of objects, in both forms. Source: triggers contract 3.4."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from liuyun.errors import Invalid
from liuyun.gateway.http import Response
from liuyun.gateway.oss.call import Call, answer, encoding, owner, spelled, stamp
from liuyun.gateway.xml import element
from liuyun.model.object import ObjectPage, StoredObject
from liuyun.objects.listing import Wanted

MOST_KEYS = 1000


async def list_objects(call: Call) -> Response:
    marker = call.params.get("marker", "")
    wanted = asked(call, marker)
    page = await call.store.objects.list(call.account_id, call.address.bucket, wanted)
    more = element("NextMarker", spelled(call, page.next_key)) if page.next_key is not None else ""
    # ali-oss stumbles over an object without an owner.
    return rendered(call, wanted, page, element("Marker", spelled(call, marker)) + more, owners=True)


async def list_objects_v2(call: Call) -> Response:
    token, start = call.params.get("continuation-token", ""), call.params.get("start-after", "")
    wanted = asked(call, key_of(token) if token else start)
    page = await call.store.objects.list(call.account_id, call.address.bucket, wanted)
    count = len(page.objects) + len(page.prefixes)
    facts = element("KeyCount", count) + element("StartAfter", spelled(call, start))
    facts += element("ContinuationToken", token) if token else ""
    facts += element("NextContinuationToken", token_of(page.next_key)) if page.next_key is not None else ""
    return rendered(call, wanted, page, facts, owners=call.params.get("fetch-owner", "").lower() == "true")


def asked(call: Call, after: str) -> Wanted:
    params = call.params
    limit = call.number("max-keys", 100, MOST_KEYS)
    return Wanted(params.get("prefix", ""), params.get("delimiter", ""), after, limit)


def rendered(call: Call, wanted: Wanted, page: ObjectPage, facts: str, *, owners: bool) -> Response:
    own = owner(call.account_id) if owners else ""
    objects = "".join(f"<Contents>{described(call, item)}{own}</Contents>" for item in page.objects)
    prefixes = "".join(
        f"<CommonPrefixes>{element('Prefix', spelled(call, prefix))}</CommonPrefixes>" for prefix in page.prefixes
    )
    head = "".join((
        element("Name", call.address.bucket),
        element("Prefix", spelled(call, wanted.prefix)),
        element("MaxKeys", wanted.limit),
        element("Delimiter", spelled(call, wanted.delimiter)),
        element("IsTruncated", "true" if page.next_key is not None else "false"),
        encoding(call),
    ))  # fmt: skip
    return answer(call, "ListBucketResult", head + facts + objects + prefixes)


def described(call: Call, item: StoredObject) -> str:
    values = {
        "Key": spelled(call, item.key),
        "LastModified": stamp(item.updated_at),
        "ETag": f'"{item.md5}"',
        "Type": "Normal",
        "Size": item.size,
        "StorageClass": "Standard",
    }
    return "".join(element(name, value) for name, value in values.items())


def token_of(key: str) -> str:
    return urlsafe_b64encode(key.encode()).decode()


def key_of(token: str) -> str:
    try:
        return urlsafe_b64decode(token).decode()
    except ValueError:
        raise Invalid("continuation-token must be one that an earlier answer gave") from None
