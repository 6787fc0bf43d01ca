"""Code that comes by way of an object: where tools may put it. Source: fc contract 1.4."""

from liuyun.gateway.fc.call import Call, answer
from liuyun.gateway.http import Response
from liuyun.identity.policy import upload_resource
from liuyun.model.account import Principal

LIFETIME_S = 3600


async def get_temp_bucket_token(call: Call) -> Response:
    """Credentials for one object, which is named with the account before it."""
    platform = call.platform
    bucket, name = await platform.uploads.place(call.account_id)
    resource = upload_resource(bucket, f"{call.account_id}/{name}")
    asking: Principal = call.request.facts["principal"]
    issued = platform.temporary.issue(call.account_id, resource, lifetime_s=LIFETIME_S, issuer=asking.access_key_id)
    credentials = {
        "AccessKeyId": issued.access_key_id,
        "AccessKeySecret": issued.access_key_secret,
        "SecurityToken": issued.security_token,
    }
    return answer(
        call,
        {
            "credentials": credentials,
            "ossBucket": bucket,
            "objectName": name,
            "ossRegion": f"oss-{platform.region}",
            "codeSizeLimit": platform.code_bytes,
        },
    )


async def get_account_configs(call: Call) -> Response:
    return answer(call, {"CodeSizeLimit": call.platform.code_bytes})
