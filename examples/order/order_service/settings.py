"""What the environment tells the order service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class SettingsError(Exception):
    pass


@dataclass(frozen=True)
class Settings:
    """`token` is what the functions show; `choose_payment_url` is the HTTP function that takes a customer's choice;
    `console_url` is where browsers find the platform's console.
    """

    host: str
    port: int
    database: Path
    endpoint: str
    region: str
    access_key_id: str
    choose_payment_url: str
    console_url: str
    token: str = field(repr=False)
    access_key_secret: str = field(repr=False)


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Raises SettingsError."""

    def required(name: str) -> str:
        if not environ.get(name):
            raise SettingsError(f"The environment variable {name} must be set.")
        return environ[name]

    endpoint = required("LIUYUN_ENDPOINT").rstrip("/")
    token = required("ORDER_SERVICE_TOKEN")
    port = environ.get("ORDER_SERVICE_PORT", "7090")
    if len(token) < 16:
        raise SettingsError("ORDER_SERVICE_TOKEN must have at least 16 characters.")
    if not port.isdigit() or int(port) > 65535:
        raise SettingsError(f"ORDER_SERVICE_PORT must be a port, not '{port}'.")
    return Settings(
        host=environ.get("ORDER_SERVICE_HOST", "127.0.0.1"),
        port=int(port),
        database=Path(environ.get("ORDER_SERVICE_DATABASE", "orders.db")),
        endpoint=endpoint,
        region=environ.get("LIUYUN_REGION") or "cn-hangzhou",
        access_key_id=required("LIUYUN_ACCESS_KEY_ID"),
        access_key_secret=required("LIUYUN_ACCESS_KEY_SECRET"),
        choose_payment_url=environ.get("CHOOSE_PAYMENT_URL") or f"{endpoint}/2016-08-15/proxy/order/choosePayment/",
        console_url=environ.get("CONSOLE_URL") or f"{endpoint}/console",
        token=token,
    )
