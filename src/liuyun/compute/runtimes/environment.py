"""The environment variables of a function: the platform's, the owner's, and the vendor's names for what it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from liuyun.model.function import Deployed, is_own

BASE = {
    "PATH": "/usr/local/bin:/usr/bin:/bin:/code:/code/bin:/opt/bin",
    "LD_LIBRARY_PATH": "/code:/code/lib:/opt/lib:/usr/local/lib",
    "LANG": "C.UTF-8",
    "HOME": "/tmp",  # noqa: S108 - the sandbox's own
}
RESERVED = re.compile(r"_?FC_\w*")
# No HTTP_PROXY: WSGI gives it to whoever sends a Proxy header.
PROXIES = ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
TRUST = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "ALIBABA_CLOUD_CA_BUNDLE", "CURL_CA_BUNDLE")


class Credentials(Protocol):
    @property
    def access_key_id(self) -> str: ...

    @property
    def access_key_secret(self) -> str: ...

    @property
    def security_token(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where things are, as the function sees them. `proxy` is empty for a function that may go nowhere."""

    code_dir: str
    region: str
    instance_id: str
    bundle: str
    authority: str
    proxy: str = ""


def variables(
    deployed: Deployed, around: Surroundings, credentials: Credentials | None, revealed: Mapping[str, str]
) -> dict[str, str]:
    """`revealed` are the texts of the secrets that the function is given, by variable."""
    given = {**deployed.function.environment, **revealed}
    own = {name: value for name, value in given.items() if not RESERVED.fullmatch(name)}
    return {
        **BASE,
        **dict.fromkeys(TRUST, around.bundle),
        "NODE_EXTRA_CA_CERTS": around.authority,
        **proxies(around.proxy),
        **own,
        **secrets(credentials if injects(deployed, "Env") else None),
        **identity(deployed, around),
    }


def proxies(proxy: str) -> Mapping[str, str]:
    return {**dict.fromkeys(PROXIES, proxy), "no_proxy": "localhost,127.0.0.1"} if proxy else {}


def injects(deployed: Deployed, way: str) -> bool:
    """Whether credentials come by `Env` or with each `Request`: an owner may forbid either (fc contract 2)."""
    return deployed.function.config.get("disableInjectCredentials") not in {way, "All"}


def secrets(credentials: Credentials | None) -> Mapping[str, str]:
    """Under the vendor's names of today and of before."""
    if credentials is None:
        return {}
    key, secret, token = credentials.access_key_id, credentials.access_key_secret, credentials.security_token
    return {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": key,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": secret,
        "ALIBABA_CLOUD_SECURITY_TOKEN": token,
        "accessKeyID": key,
        "accessKeySecret": secret,
        "securityToken": token,
    }


def identity(deployed: Deployed, around: Surroundings) -> Mapping[str, str]:
    function = deployed.function
    of_a_service = {"FC_SERVICE_NAME": function.service, "FC_QUALIFIER": deployed.version_id}
    return {
        **({} if is_own(function.service) else of_a_service),
        "FC_FUNC_CODE_PATH": around.code_dir.rstrip("/") + "/",
        "FC_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "FC_RUNTIME_VERSION": function.runtime,
        "FC_ACCOUNT_ID": function.account_id,
        "FC_FUNCTION_HANDLER": function.handler,
        "FC_FUNCTION_NAME": function.name,
        "FC_VER_ID": deployed.version_id,
        "FC_REGION": around.region,
        "FC_INSTANCE_ID": around.instance_id,
    }
