"""The vendor's newer Python clients: alibabacloud-fc-open20210406 and alibabacloud-fc20230330.

Untyped on purpose: every member of their answers may be None for the type checker.
"""

from collections.abc import Callable
from typing import Any

import alibabacloud_fc20230330.client
import alibabacloud_fc20230330.models
import alibabacloud_fc_open20210406.client
import alibabacloud_fc_open20210406.models
import pytest
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_util.models import RuntimeOptions

from liuyun.testing.platform import Running

open_models: Any = alibabacloud_fc_open20210406.models
fc3_models: Any = alibabacloud_fc20230330.models
OPTIONS = RuntimeOptions()


def open_client(running: Running, **options: Any) -> Any:
    return open_client_of(config(running, options))


def open_client_of(given: Config) -> Any:
    return alibabacloud_fc_open20210406.client.Client(given)


def fc3_client(running: Running, **options: Any) -> Any:
    return alibabacloud_fc20230330.client.Client(config(running, options))


def config(running: Running, options: dict[str, Any]) -> Config:
    keys = {"access_key_id": running.access_key_id, "access_key_secret": running.access_key_secret, **options}
    endpoint = running.endpoint.removeprefix("http://")
    return Config(endpoint=endpoint, protocol="http", region_id="cn-hangzhou", **keys)


def refused(call: Callable[[], object]) -> Any:
    """What the client raises: `code`, `statusCode`, `message`."""
    with pytest.raises(Exception, match="code: ") as caught:
        call()
    return caught.value
