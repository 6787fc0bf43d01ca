"""Every operation of object storage that this platform has, by what it is on, method and sub-resource."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from liuyun.gateway.http import Response
from liuyun.gateway.oss import buckets, lists, multipart, objects
from liuyun.gateway.oss.address import Address
from liuyun.gateway.oss.call import Call

Handler = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    handler: Handler
    streams: bool = False  # the handler reads the body itself


SERVICE, BUCKET, OBJECT = "service", "bucket", "object"
OPERATIONS: Mapping[tuple[str, str, str], Operation] = {
    (SERVICE, "GET", ""): Operation("ListBuckets", buckets.list_buckets),
    (BUCKET, "PUT", ""): Operation("PutBucket", buckets.put_bucket),
    (BUCKET, "DELETE", ""): Operation("DeleteBucket", buckets.delete_bucket),
    (BUCKET, "GET", "bucketInfo"): Operation("GetBucketInfo", buckets.get_bucket_info),
    (BUCKET, "GET", "location"): Operation("GetBucketLocation", buckets.get_bucket_location),
    (BUCKET, "GET", "acl"): Operation("GetBucketAcl", buckets.get_bucket_acl),
    (BUCKET, "GET", ""): Operation("ListObjects", lists.list_objects),
    (BUCKET, "GET", "list-type"): Operation("ListObjectsV2", lists.list_objects_v2),
    (BUCKET, "POST", "delete"): Operation("DeleteObjects", objects.delete_objects),
    (BUCKET, "GET", "uploads"): Operation("ListMultipartUploads", multipart.list_uploads),
    (OBJECT, "POST", "uploads"): Operation("InitiateMultipartUpload", multipart.initiate),
    (OBJECT, "PUT", "partNumber&uploadId"): Operation("UploadPart", multipart.upload_part, streams=True),
    (OBJECT, "POST", "uploadId"): Operation("CompleteMultipartUpload", multipart.complete),
    (OBJECT, "GET", "uploadId"): Operation("ListParts", multipart.list_parts),
    (OBJECT, "DELETE", "uploadId"): Operation("AbortMultipartUpload", multipart.abort),
    (OBJECT, "PUT", ""): Operation("PutObject", objects.put_object, streams=True),
    (OBJECT, "PUT", "copy"): Operation("CopyObject", objects.copy_object),
    (OBJECT, "GET", ""): Operation("GetObject", objects.get_object),
    (OBJECT, "HEAD", ""): Operation("HeadObject", objects.head_object),
    (OBJECT, "HEAD", "objectMeta"): Operation("GetObjectMeta", objects.head_object),
    (OBJECT, "DELETE", ""): Operation("DeleteObject", objects.delete_object),
}
# Sub-resources that make another operation of a request; what else stands in a query doesn't.
SUB_RESOURCES = frozenset({
    "acl", "append", "bucketInfo", "callback", "cname", "cors", "delete", "encryption", "inventory", "lifecycle",
    "list-type", "location", "logging", "objectMeta", "partNumber", "policy", "referer", "replication", "restore",
    "stat", "symlink", "tagging", "uploadId", "uploads", "versioning", "versions", "website", "worm", "x-oss-process",
})  # fmt: skip


def operation(method: str, address: Address, params: Mapping[str, str], *, copies: bool) -> Operation | None:
    on = OBJECT if address.key else BUCKET if address.bucket else SERVICE
    sub = "&".join(sorted(SUB_RESOURCES & params.keys()))
    return OPERATIONS.get((on, method, "copy" if copies and not sub else sub))
