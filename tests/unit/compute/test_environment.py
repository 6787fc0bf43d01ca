"""The environment variables of a function."""

from types import SimpleNamespace

import pytest

from liuyun.compute.runtimes.environment import Surroundings, variables
from liuyun.compute.runtimes.facts import context_facts
from liuyun.identity.temporary import Credentials
from liuyun.model.function import Deployed, Function, Service, own_service


def made(credentials: Credentials | None = None, proxy: str = "", **environment: str) -> dict[str, str]:
    function = Function("1", "shop", "pay", "id", "python3.10", "index.handler", memory_mb=192, environment=environment)
    deployed = Deployed(Service("1", "shop", "sid"), function, "3", "/x", "r", is_http=False)
    around = Surroundings(
        code_dir="/code", region="cn-hangzhou", instance_id="i", bundle="/b", authority="/a", proxy=proxy
    )
    return variables(deployed, around, credentials, {})


def test_the_vendors_variables_are_there():
    """Under the vendor's names."""
    seen = made()
    wanted = SimpleNamespace(path="/code/", memory="192", function="pay", service="shop", version="3")
    assert (seen["FC_FUNC_CODE_PATH"], seen["FC_FUNCTION_MEMORY_SIZE"]) == (wanted.path, wanted.memory)
    assert (seen["FC_FUNCTION_NAME"], seen["FC_SERVICE_NAME"]) == (wanted.function, wanted.service)
    assert (seen["FC_VER_ID"], seen["FC_INSTANCE_ID"]) == (wanted.version, "i")


def test_reserved_names_cannot_be_set():
    """`FC_*` and `_FC_*` are the platform's."""
    seen = made(FC_REGION="x", FC_NEW="x", _FC_OLD="x", FCX="kept")
    assert (seen["FC_REGION"], seen["FCX"]) == ("cn-hangzhou", "kept")
    assert not {"FC_NEW", "_FC_OLD"} & set(seen)


def test_without_a_role_there_are_no_credentials():
    """And no empty ones either: SDKs would sign with them."""
    assert "ALIBABA_CLOUD_ACCESS_KEY_ID" not in made()
    assert made(Credentials("k", "s", "t"))["ALIBABA_CLOUD_SECURITY_TOKEN"] == "t"


def of(function: Function) -> Deployed:
    return Deployed(Service("1", function.service, "sid"), function, "3", "/x", "r", is_http=False)


@pytest.mark.parametrize(
    ("forbidden", "in_environment", "in_context"),
    [("None", True, True), ("Env", False, True), ("Request", True, False), ("All", False, False)],
)
def test_an_owner_may_keep_credentials_away(forbidden: str, in_environment: bool, in_context: bool):
    """From the environment, from the context of calls, or from both."""
    function = Function("1", "s", "f", "id", "python3.10", "h", config={"disableInjectCredentials": forbidden})
    around = Surroundings(code_dir="/code", region="r", instance_id="i", bundle="/b", authority="/a")
    credentials = Credentials("k", "s", "t")
    assert ("securityToken" in variables(of(function), around, credentials, {})) is in_environment
    shown = context_facts(of(function), "r", credentials)["credentials"]
    assert (shown["security_token"] == "t") is in_context


def test_a_function_without_a_service_sees_none():
    """Nor the one that it has inside."""
    deployed = of(Function("1", own_service("f"), "f", "id", "python3.10", "h"))
    around = Surroundings(code_dir="/code", region="r", instance_id="i", bundle="/b", authority="/a")
    assert not {"FC_SERVICE_NAME", "FC_QUALIFIER"} & set(variables(deployed, around, None, {}))
    assert context_facts(deployed, "r", None)["service"]["name"] == ""


def test_the_proxy_is_named_only_where_there_is_one():
    """Never as HTTP_PROXY, which WSGI fills from a request header."""
    assert "http_proxy" not in made()
    seen = made(proxy="http://127.0.0.1:3128")
    assert (seen["http_proxy"], seen["HTTPS_PROXY"]) == ("http://127.0.0.1:3128",) * 2
    assert "HTTP_PROXY" not in seen


def test_an_owner_may_set_the_rest():
    """The owner's variables win over the defaults."""
    assert made(LANG="zh_CN.UTF-8")["LANG"] == "zh_CN.UTF-8"
