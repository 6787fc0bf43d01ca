"""What an operator can set: one frozen object, read once from a TOML file, the environment and the command line.

Later sources win: defaults, the TOML file, `LIUYUN_*` variables (`LIUYUN_LIMITS__MEMORY_MB` reaches into a section),
command-line options. A wrong value or an unknown key stops the start and names the key.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from liuyun.errors import Invalid
from liuyun.places import default_data

SECTIONS = frozenset({"limits", "egress"})
Origin = Literal["default", "file", "environment", "option"]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(Section):
    """Bounds on what one request, function or account may take."""

    request_bytes: int = Field(default=6 * 1024 * 1024, gt=0, description="body of a management request")
    invocation_bytes: int = Field(default=32 * 1024 * 1024, gt=0, description="body of a synchronous invocation")
    code_bytes: int = Field(default=100 * 1024 * 1024, gt=0, description="code package in an API call, as a zip file")
    object_bytes: int = Field(default=5 * 1024**3, gt=0, description="content of an object")
    code_unpacked_bytes: int = Field(default=500 * 1024 * 1024, gt=0, description="code package when unpacked")
    install_memory_mb: int = Field(
        default=2048, gt=0, description="memory for installing the requirements.txt of a code package"
    )
    code_entries: int = Field(default=50_000, gt=0, description="files and folders in a code package")
    instances: int = Field(default=300, gt=0, description="instances of all functions on this node")
    instances_per_function: int = Field(default=100, gt=0, description="instances of one function")
    instances_per_account: int = Field(default=300, gt=0, description="instances of one account's functions")
    memory_mb: int = Field(
        default=0, ge=0, description="memory of all instances, by their functions' memorySize; 0: nine tenths of all"
    )
    starts_at_once: int = Field(default=0, ge=0, description="instances that start together; 0: eight for each core")
    target_utilisation: float = Field(
        default=0.8, gt=0, le=1, description="where calls share an instance: another is started beyond this"
    )
    queued_invocations: int = Field(
        default=1000, ge=0, description="invocations of one function that may wait for an instance"
    )
    queued_s: int = Field(
        default=60, gt=0, description="an invocation waits no longer than this until an instance is started for it"
    )
    wait_at_own_limit_s: int = Field(
        default=0, ge=0, description="an invocation waits so long where the function's owner has limited its instances"
    )
    async_payload_bytes: int = Field(default=128 * 1024, gt=0, description="body of an asynchronous invocation")
    async_backlog: int = Field(
        default=100_000, gt=0, description="asynchronous invocations of one function that may wait for their turn"
    )
    async_running: int = Field(default=1000, gt=0, description="asynchronous invocations under way at once")
    async_running_per_function: int = Field(default=100, gt=0, description="of these, for one function")
    task_retention_s: int = Field(default=7 * 86400, gt=0, description="ended asynchronous tasks are kept this long")
    timer_catch_up_s: int = Field(
        default=300, ge=0, description="a timer's tick that was missed is made up for if it is not older than this"
    )
    tmp_bytes: int = Field(default=512 * 1024 * 1024, gt=0, description="size of an instance's /tmp")
    cpu_burst: float = Field(
        default=1.0,
        ge=0,
        description="CPUs that any instance may use while nobody else needs them; 0: its own size only",
    )
    instance_idle_s: int = Field(default=300, gt=0, description="an idle instance is removed after this long")
    instance_age_s: int = Field(default=86_400, gt=0, description="an instance is replaced after this long")
    playground_runs: int = Field(
        default=4, gt=0, description="programs that the playground's page runs at a time, for everybody together"
    )
    playground_runs_of_address: int = Field(
        default=2, gt=0, description="of these, for one address, where the playground is open to everybody"
    )
    playground_runs_per_minute: int = Field(
        default=20, gt=0, description="programs that one address may begin in a minute there"
    )
    console_streams: int = Field(default=200, gt=0, description="streams of news that open pages may have together")
    console_streams_of_session: int = Field(default=10, gt=0, description="of these, for one session")
    stem_cells: int = Field(
        default=2, ge=0, description="sandboxes without code that stand ready for each kind of function in use"
    )
    stem_cell_kinds: int = Field(
        default=8,
        gt=0,
        description="kinds (runtime, and memory size for Node.js) that have stem cells, those used last",
    )
    stem_cell_idle_s: int = Field(default=3600, gt=0, description="a kind nobody used for this long has none any more")
    custom_start_s: int = Field(
        default=120, gt=0, description="the server of a custom runtime must listen this long after its start"
    )
    invocation_log_bytes: int = Field(default=1024 * 1024, gt=0, description="log kept of one invocation")
    log_retention_s: int = Field(default=7 * 86400, gt=0, description="log lines are kept this long")
    record_retention_s: int = Field(default=86_400, gt=0, description="records of invocations are kept this long")
    access_keys_of_user: int = Field(default=5, gt=0, description="access keys of one user")
    nonces: int = Field(default=200_000, gt=0, description="request nonces remembered to refuse replays")
    events_per_execution: int = Field(default=5000, gt=0, description="history events of one flow execution")
    step_data_bytes: int = Field(default=32 * 1024, gt=0, description="input, output and local data of one flow step")


class Egress(Section):
    """Where functions may connect to besides the platform itself.

    Public addresses are allowed; loopback, link-local, private and metadata addresses are denied unless they stand in
    `allow` (`host` or `host:port`). `hosts` gives names to such addresses: `{"orders.internal" = "127.0.0.1:7090"}`
    (a name listed there is allowed by that).

    By default everything leaves through the platform's forward proxy, which logs each destination. `mode = "full"`
    gives functions with internet access a network interface of their own instead, for what can't use a proxy.
    """

    mode: Literal["proxy", "full"] = Field(
        default="proxy", description="`full`: a network interface for functions with internet access, by slirp4netns"
    )
    internet: bool = True
    allow: tuple[str, ...] = ()
    hosts: dict[str, str] = {}
    packages: tuple[str, ...] = Field(
        default=("files.pythonhosted.org",),
        description="hosts that packages of a requirements.txt may come from, besides pip's indexes",
    )


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="LIUYUN_", env_nested_delimiter="__", env_ignore_empty=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=7080, ge=0, le=65535, description="0 takes a free port")
    object_port: int = Field(
        default=7081, ge=0, le=65535, description="object storage alone answers there; 0 opens none"
    )
    tls_port: int = Field(default=0, ge=0, le=65535, description="the same as on `port`, by HTTPS; 0 opens none")
    tls_host: str = Field("", description="address that `tls_port` listens on; empty: that of `host`")
    tls_certificate: Path | None = Field(
        None, description="PEM file, read again when it changes, for names that no custom domain has a certificate for"
    )
    tls_private_key: Path | None = Field(None, description="PEM file with its private key, without a password")
    data: Path = Field(default_factory=default_data)
    region: str = Field("cn-hangzhou", pattern=r"^[a-z0-9-]{1,64}$")
    account_id: str | None = Field(None, pattern=r"^\d{6,20}$")
    access_key_id: str | None = Field(None, min_length=4, max_length=128)
    access_key_secret: SecretStr | None = None
    console_password: SecretStr | None = None
    otlp_endpoint: str = Field("", description="a collector that traces are sent to, such as http://127.0.0.1:4318")
    metrics_token: SecretStr | None = Field(
        None, description="whoever sends it may read /metrics; without one only this machine may"
    )
    isolation: Literal["namespaces", "process"] = "namespaces"
    standard_layer: bool = Field(
        default=True, description="give Python functions the vendor's SDKs, made once from PyPI"
    )
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    playground: Literal["signed-in", "open"] = Field(
        default="signed-in",
        description="who may run programs on its page; open: whoever reaches the platform, at /playground",
    )
    drain_s: int = Field(default=10, ge=0, description="how long a clean stop waits for running requests")
    limits: Limits = Limits()
    egress: Egress = Egress()
    _origins: dict[str, Origin] = PrivateAttr(default_factory=dict)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What it is given, alone: `load` has read the rest."""
        return (init_settings,)

    @model_validator(mode="after")
    def _pair(self) -> "Settings":
        if (self.tls_certificate is None) != (self.tls_private_key is None):
            raise ValueError("tls_certificate and tls_private_key go together: set both or none of them")
        return self

    def origin(self, name: str) -> Origin:
        """Where the value of a setting is from; `limits.memory_mb` reaches into a section."""
        return self._origins.get(name, "default")

    def remember(self, origin: Origin, values: dict[str, Any]) -> None:
        """A source has said these."""
        self._origins.update(dict.fromkeys(named(values), origin))


def load(file: Path | None = None, **options: Any) -> Settings:
    """Settings from the file, the environment and `options` (None: not given). Raises Invalid naming each bad key."""
    in_file = read_toml(file)

    in_environment = EnvSettingsSource(Settings)()
    given = {key: value for key, value in options.items() if value is not None}
    try:
        settings = Settings(**combined(in_file, in_environment, given))
    except ValidationError as error:
        lines = [f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors(include_url=False)]
        raise Invalid("The configuration has problems:\n  " + "\n  ".join(lines)) from None
    sources: tuple[tuple[Origin, dict[str, Any]], ...] = (
        ("file", in_file),
        ("environment", in_environment),
        ("option", given),
    )
    for origin, values in sources:  # later sources win
        settings.remember(origin, values)
    return settings


def combined(*sources: dict[str, Any]) -> dict[str, Any]:
    """Later ones win; of sections, each of their settings by itself."""
    together: dict[str, Any] = {}
    for source in sources:
        for name, value in source.items():
            below: Any = together.get(name)
            together[name] = {**below, **value} if isinstance(below, dict) and isinstance(value, dict) else value
    return together


def named(values: dict[str, Any]) -> Iterator[str]:
    """Names of what a source says, those in sections with the section's name before them."""
    for name, value in values.items():
        if name in SECTIONS:
            yield from (f"{name}.{member}" for member in cast("dict[str, Any]", value))
        else:
            yield name


def read_toml(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text())
    except OSError as error:
        raise Invalid(f"The configuration file {file} can't be read: {error.strerror}.") from None
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"The configuration file {file} is not TOML: {error}.") from None
