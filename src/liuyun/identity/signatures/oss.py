"""The signatures of object storage: V1 and V4, each in a header or in a link. Source: triggers contract 3.2 and 3.3."""

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from urllib.parse import quote, unquote

from liuyun.errors import InvalidDate, MalformedCredentials, MissingCredentials, MissingDate
from liuyun.identity.signatures.dates import from_http
from liuyun.identity.signatures.signed import Signed, single

V4 = "OSS4-HMAC-SHA256"
CLAIM = re.compile(
    r"OSS4-HMAC-SHA256\s+Credential=(?P<credential>[^,\s]+),\s*(AdditionalHeaders=(?P<headers>[^,\s]*),\s*)?"
    r"Signature=(?P<signature>[0-9a-f]+)(,\s*AdditionalHeaders=(?P<more>[^,\s]*))?"
)
UNSIGNED = "UNSIGNED-PAYLOAD"
# Query parameters that are part of what V1 signs; all others may be changed on the way.
SIGNED_PARAMETERS = frozenset({
    "acl", "accessPoint", "accessPointPolicy", "append", "asyncFetch", "bucketArchiveDirectRead", "bucketInfo",
    "callback", "callback-var", "cloudboxes", "cname", "comp", "continuation-token", "cors", "delete", "encryption",
    "endTime", "group", "httpsConfig", "inventory", "inventoryId", "lifecycle", "link", "live", "location", "logging",
    "metaQuery", "objectInfo", "objectMeta", "partNumber", "policy", "position", "publicAccessBlock", "qos", "qosInfo",
    "qosRequester", "redundancyTransition", "referer", "regionList", "replication", "replicationLocation",
    "replicationProgress", "requestPayment", "requesterQosInfo", "resourceGroup", "resourcePool",
    "resourcePoolBuckets", "resourcePoolInfo", "response-cache-control", "response-content-disposition",
    "response-content-encoding", "response-content-language", "response-content-type", "response-expires", "restore",
    "security-token", "sequential", "startTime", "stat", "status", "style", "styleName", "symlink", "tagging",
    "transferAcceleration", "uploadId", "uploads", "versionId", "versioning", "versions", "vod", "website", "worm",
    "wormExtend", "wormId", "x-oss-ac-forward-allow", "x-oss-ac-source-ip", "x-oss-ac-subnet-mask", "x-oss-ac-vpc-id",
    "x-oss-access-point-name", "x-oss-async-process", "x-oss-process", "x-oss-redundancy-transition-taskid",
    "x-oss-request-payer", "x-oss-target-redundancy-type", "x-oss-traffic-limit", "x-oss-write-get-object-response",
})  # fmt: skip


def read(method: str, resource: str, query: str, headers: Sequence[tuple[str, str]]) -> Signed:
    """`resource` is `/bucket/key`, decoded, wherever the bucket stood; `/` for what is of no bucket."""
    values = single(headers)
    params = parameters(query)
    claim = values.get("authorization", "")
    if claim.startswith(V4):
        return header_v4(method, resource, params, values)
    if claim:
        return header_v1(method, resource, params, values)
    if params.get("x-oss-signature-version") == V4:
        return link_v4(method, resource, params, values)
    if "Signature" in params:
        return link_v1(method, resource, params, values)
    raise MissingCredentials("The request is not signed: it has neither an Authorization header nor a Signature.")


def is_signed(query: str, authorization: str) -> bool:
    """Whether a request is signed by one of these schemes."""
    return authorization.startswith(("OSS ", V4)) or "OSSAccessKeyId=" in query or "x-oss-signature-version=" in query


def parameters(query: str) -> dict[str, str]:
    """`+` stands for itself: the clients write a space as %20."""
    pieces = [piece.partition("=") for piece in query.split("&") if piece]
    return {unquote(name): unquote(value) for name, _, value in pieces}


def header_v1(method: str, resource: str, params: Mapping[str, str], values: Mapping[str, str]) -> Signed:
    scheme, _, claim = values["authorization"].partition(" ")
    access_key_id, _, signature = claim.strip().partition(":")
    if scheme != "OSS" or not access_key_id or not signature:
        raise MalformedCredentials("The Authorization header is not of the form 'OSS AccessKeyId:Signature'.")
    date = values.get("x-oss-date") or values.get("date", "")
    if not date:
        raise MissingDate("The Date header must be specified.")
    return Signed(
        access_key_id=access_key_id,
        signature=signature,
        strings_to_sign=(string_v1(method, resource, date, params, values),),
        sign=sign_v1,
        timestamp=from_http(date),
        security_token=values.get("x-oss-security-token") or values.get("security-token", ""),
    )


def link_v1(method: str, resource: str, params: Mapping[str, str], values: Mapping[str, str]) -> Signed:
    expires = params.get("Expires", "")
    if not (expires.isascii() and expires.isdigit() and len(expires) < 15) or not params.get("OSSAccessKeyId"):
        raise MalformedCredentials("A signed link needs OSSAccessKeyId, Expires (in seconds) and Signature.")
    return Signed(
        access_key_id=params["OSSAccessKeyId"],
        signature=params["Signature"],
        strings_to_sign=(string_v1(method, resource, expires, params, values),),
        sign=sign_v1,
        timestamp=None,
        security_token=params.get("security-token", ""),
        expires=int(expires) * 1000,
    )


def string_v1(method: str, resource: str, date: str, params: Mapping[str, str], values: Mapping[str, str]) -> str:
    canonical = "".join(f"{name}:{values[name]}\n" for name in sorted(values) if name.startswith("x-oss-"))
    signed = sorted((name, value) for name, value in params.items() if name in SIGNED_PARAMETERS)
    query = "&".join(f"{name}={value}" if value else name for name, value in signed)
    parts = (method, values.get("content-md5", ""), values.get("content-type", ""), date)
    return "\n".join((*parts, f"{canonical}{resource}{'?' if query else ''}{query}"))


def sign_v1(secret: str, text: str) -> str:
    return b64encode(hmac.digest(secret.encode(), text.encode(), hashlib.sha1)).decode()


def header_v4(method: str, resource: str, params: Mapping[str, str], values: Mapping[str, str]) -> Signed:
    claim = CLAIM.fullmatch(values["authorization"].strip())
    if claim is None:
        raise MalformedCredentials(f"The Authorization header is not of the form '{V4} Credential=.., Signature=..'.")
    date = values.get("x-oss-date", "")
    if not date:
        raise MissingDate("The x-oss-date header must be specified.")
    additional = (claim["headers"] or claim["more"] or "").split(";")
    return signed_v4(
        claim["credential"],
        claim["signature"],
        date,
        canonical_v4(method, resource, params, values, additional),
        security_token=values.get("x-oss-security-token", ""),
        timestamp=from_compact(date),
    )


def link_v4(method: str, resource: str, params: Mapping[str, str], values: Mapping[str, str]) -> Signed:
    date, lifetime = params.get("x-oss-date", ""), params.get("x-oss-expires", "")
    if not (lifetime.isascii() and lifetime.isdigit() and len(lifetime) < 10):
        raise MalformedCredentials("A signed link needs x-oss-credential, x-oss-date, x-oss-expires in seconds.")
    asked = {name: value for name, value in params.items() if name != "x-oss-signature"}
    additional = params.get("x-oss-additional-headers", "").split(";")
    return signed_v4(
        params.get("x-oss-credential", ""),
        params.get("x-oss-signature", ""),
        date,
        canonical_v4(method, resource, asked, values, additional),
        security_token=params.get("x-oss-security-token", ""),
        expires=from_compact(date) + int(lifetime) * 1000,
    )


def canonical_v4(
    method: str, resource: str, params: Mapping[str, str], values: Mapping[str, str], additional: Sequence[str]
) -> str:
    query = sorted((encoded(name), encoded(value)) for name, value in params.items())
    names = sorted(name.lower() for name in additional if name)
    signed = sorted({
        name for name in values if name.startswith("x-oss-") or name in {"content-type", "content-md5"} or name in names
    })  # fmt: skip
    return "\n".join((
        method,
        quote(resource, safe="/-_.~"),
        "&".join(f"{name}={value}" if value else name for name, value in query),
        "".join(f"{name}:{values[name].strip()}\n" for name in signed),
        ";".join(names),
        values.get("x-oss-content-sha256", UNSIGNED),
    ))  # fmt: skip


def signed_v4(
    credential: str,
    signature: str,
    date: str,
    canonical: str,
    *,
    security_token: str,
    timestamp: int | None = None,
    expires: int | None = None,
) -> Signed:
    access_key_id, *scope = credential.split("/")
    if len(scope) != 4 or scope[2:] != ["oss", "aliyun_v4_request"]:
        raise MalformedCredentials("The credential must be of the form AccessKeyId/day/region/oss/aliyun_v4_request.")
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return Signed(
        access_key_id=access_key_id,
        signature=signature,
        strings_to_sign=("\n".join((V4, date, "/".join(scope), digest)),),
        sign=partial(sign_v4, scope),
        timestamp=timestamp,
        security_token=security_token,
        expires=expires,
    )


def sign_v4(scope: Sequence[str], secret: str, text: str) -> str:
    key = f"aliyun_v4{secret}".encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()


def encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def from_compact(text: str) -> int:
    """Milliseconds of `20261123T082852Z`."""
    try:
        return round(datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        raise InvalidDate(f"The date '{text[:80]}' is not of the form 20261123T082852Z.") from None
