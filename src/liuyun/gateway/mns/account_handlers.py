"""Operations on the account's message service as a whole. Source: mns contract 3.2."""

from liuyun.gateway.http import Response
from liuyun.gateway.mns import reading
from liuyun.gateway.mns.call import Call, done
from liuyun.gateway.mns.xml import document
from liuyun.gateway.xml import element


async def get_attributes(call: Call) -> Response:
    bucket = await call.messaging.accounts.logging_bucket(call.account_id)
    return Response(200, document("Account", element("LoggingBucket", bucket)))


async def set_attributes(call: Call) -> Response:
    await call.messaging.accounts.set_logging_bucket(call.account_id, reading.logging_bucket(call.request.body))
    return done()


async def open_service(call: Call) -> Response:
    """Here the service is open from the start: there is no order, so the account stands for it."""
    return Response(200, document("OpenService", element("OrderId", call.account_id)))
