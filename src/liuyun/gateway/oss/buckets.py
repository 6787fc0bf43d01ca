"""Operations on buckets. Source: triggers contract 3.4."""

from liuyun.gateway.http import Response
from liuyun.gateway.oss.call import Call, answer, done, owner, stamp
from liuyun.gateway.xml import element
from liuyun.model.object import Bucket


async def list_buckets(call: Call) -> Response:
    params = call.params
    limit = call.number("max-keys", 100, 1000)
    prefix, marker = params.get("prefix", ""), params.get("marker", "")
    page = await call.store.buckets.list(call.account_id, prefix=prefix, after=marker, limit=limit)
    listed = "".join(f"<Bucket>{facts(bucket)}</Bucket>" for bucket in page.items)
    more = element("NextMarker", page.next_key) if page.next_key else ""
    head = (
        f"{element('Prefix', prefix)}{element('Marker', marker)}{element('MaxKeys', limit)}"
        f"{element('IsTruncated', 'true' if more else 'false')}{more}"
    )
    return answer(call, "ListAllMyBucketsResult", f"{owner(call.account_id)}{head}<Buckets>{listed}</Buckets>")


async def put_bucket(call: Call) -> Response:
    await call.store.buckets.create(call.account_id, call.address.bucket)
    return done(call, headers=[("Location", f"/{call.address.bucket}")])


async def delete_bucket(call: Call) -> Response:
    await call.store.buckets.delete(call.account_id, call.address.bucket)
    return done(call, 204)


async def get_bucket_info(call: Call) -> Response:
    bucket = await call.store.buckets.get(call.account_id, call.address.bucket)
    grant = f"<AccessControlList>{element('Grant', 'private')}</AccessControlList>"
    return answer(call, "BucketInfo", f"<Bucket>{facts(bucket)}{owner(bucket.account_id)}{grant}</Bucket>")


async def get_bucket_location(call: Call) -> Response:
    bucket = await call.store.buckets.get(call.account_id, call.address.bucket)
    return answer(call, "LocationConstraint", f"oss-{bucket.region}")


async def get_bucket_acl(call: Call) -> Response:
    """Nothing here is public."""
    bucket = await call.store.buckets.get(call.account_id, call.address.bucket)
    grant = f"<AccessControlList>{element('Grant', 'private')}</AccessControlList>"
    return answer(call, "AccessControlPolicy", owner(bucket.account_id) + grant)


def facts(bucket: Bucket) -> str:
    values = {
        "CreationDate": stamp(bucket.created_at),
        "ExtranetEndpoint": f"oss-{bucket.region}.aliyuncs.com",
        "IntranetEndpoint": f"oss-{bucket.region}-internal.aliyuncs.com",
        "Location": f"oss-{bucket.region}",
        "Name": bucket.name,
        "StorageClass": "Standard",
    }
    return "".join(element(name, value) for name, value in values.items())
