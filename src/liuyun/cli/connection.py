"""Where the platform is and with which keys to ask it.

The environment says it (`LIUYUN_ENDPOINT`, `LIUYUN_ACCOUNT_ID`, `LIUYUN_ACCESS_KEY_ID`, `LIUYUN_ACCESS_KEY_SECRET`), or
else the data of an installation on this machine. What is given on the command line wins over both.
"""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from liuyun.cli.client import Client
from liuyun.cli.client.transport import Connection
from liuyun.cli.failure import Failure
from liuyun.errors import PlatformError
from liuyun.identity.root import RootKeys, stored_root
from liuyun.places import DATABASE, default_data
from liuyun.storage.sqlite import SqliteDatabase

DataOption = Annotated[
    Path | None, typer.Option("--data", metavar="FOLDER", help="The platform's data, to take its keys from.")
]
EndpointOption = Annotated[
    str | None, typer.Option("--endpoint", metavar="URL", help="The platform's address, http://127.0.0.1:7080.")
]

DEFAULT_ENDPOINT = "http://127.0.0.1:7080"
DEFAULT_REGION = "cn-hangzhou"
ENDPOINT_FILE = "endpoint"
KEYS = ("LIUYUN_ACCOUNT_ID", "LIUYUN_ACCESS_KEY_ID", "LIUYUN_ACCESS_KEY_SECRET")


def connect(data: Path | None, endpoint: str | None) -> Client:
    """Raises Failure when no keys can be found."""
    return Client(find_connection(os.environ, data, endpoint))


def find_connection(environ: Mapping[str, str], data: Path | None, endpoint: str | None) -> Connection:
    region = environ.get("LIUYUN_REGION") or DEFAULT_REGION
    present = [name for name in KEYS if environ.get(name)]
    if data is None and len(present) == len(KEYS):
        account_id, access_key_id, secret = (environ[name] for name in KEYS)
        where = endpoint or environ.get("LIUYUN_ENDPOINT") or DEFAULT_ENDPOINT
        return Connection(checked(where), account_id, access_key_id, secret, region)
    if data is None and present:
        missing = ", ".join(name for name in KEYS if name not in present)
        raise Failure(f"{present[0]} is set, but {missing} is not; set all of them or none.")
    folder = data_folder(environ, data)
    keys = keys_of(folder)
    where = endpoint or environ.get("LIUYUN_ENDPOINT") or written_endpoint(folder) or DEFAULT_ENDPOINT
    return Connection(checked(where), keys.account_id, keys.access_key_id, keys.access_key_secret, region)


def data_folder(environ: Mapping[str, str], data: Path | None) -> Path:
    if data is not None:
        return data
    return Path(environ["LIUYUN_DATA"]) if environ.get("LIUYUN_DATA") else default_data()


def keys_of(folder: Path) -> RootKeys:
    """The root keys of the installation with this data. Raises Failure."""
    if not (folder / DATABASE).is_file():
        raise Failure(
            f"There is no platform's data in {folder}. Start one with 'liuyun serve', name its folder with --data, "
            f"or set LIUYUN_ENDPOINT, {', '.join(KEYS)}."
        )
    try:
        return asyncio.run(read_keys(folder))
    except (PlatformError, OSError) as error:
        raise Failure(f"The keys in {folder} can't be read: {error}") from None


async def read_keys(folder: Path) -> RootKeys:
    db = SqliteDatabase(folder / DATABASE, readers=1)
    try:
        return await stored_root(db, folder)
    finally:
        await db.close()


def written_endpoint(folder: Path) -> str:
    """Where the platform with this data listens, as it wrote itself; empty when it never did."""
    try:
        return (folder / ENDPOINT_FILE).read_text().strip()
    except OSError:
        return ""


def checked(endpoint: str) -> str:
    if not endpoint.startswith(("http://", "https://")):
        raise Failure(f"The endpoint '{endpoint}' must begin with http:// or https://.")
    return endpoint.rstrip("/")
