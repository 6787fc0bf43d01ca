"""`liuyun config`: configuration as metadata, by hand and for version control."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer
from yaml import YAMLError

from liuyun.cli import yaml_text
from liuyun.cli.client.transport import ApiError
from liuyun.cli.connection import DataOption, EndpointOption, connect
from liuyun.cli.failure import Failure
from liuyun.cli.output import Output, print_json, print_table, say

config = typer.Typer(no_args_is_help=True, help="Read and change configuration: schemas and entries.")

SchemaArgument = Annotated[str, typer.Argument(metavar="SCHEMA")]
KeyArgument = Annotated[str, typer.Argument(metavar="KEY")]
ScopeOption = Annotated[str, typer.Option(metavar="SCOPE", help="platform, account or tenant/NAME")]
ReasonOption = Annotated[str, typer.Option(metavar="TEXT", help="Kept in the history.")]
OutputOption = Annotated[Output, typer.Option(help="text or json")]


@config.command("schemas")
def schemas(*, output: OutputOption = Output.TEXT, data: DataOption = None, endpoint: EndpointOption = None) -> None:
    """All schemas."""
    found = connect(data, endpoint).console.call("GET", "/api/config/schemas")["schemas"]
    if output is Output.JSON:
        print_json(found)
        return
    print_table(("name", "revision", "kind", "description"),
                ((s["name"], s["revision"], s["kind"], s["description"]) for s in found))  # fmt: skip


@config.command("schema")
def put_schema(
    name: SchemaArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON Schema 2020-12, as JSON or YAML.")],
    *,
    description: Annotated[str | None, typer.Option(metavar="TEXT")] = None,
    secret: Annotated[bool, typer.Option("--secret", help="Entries are encrypted, and never shown again.")] = False,
    reason: ReasonOption = "",
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Create a schema, or change it."""
    console = connect(data, endpoint).console
    old: dict[str, Any] = found(console, f"/api/config/schemas/{quote(name, safe='')}") or {}
    body = {
        "document": read_document(file),
        "revision": old.get("revision", 0),
        "kind": "secret" if secret else old.get("kind", "config"),
        "description": description if description is not None else old.get("description", ""),
        "reviewed": old.get("reviewed", False),
        "reason": reason,
    }
    stored = console.call("PUT", f"/api/config/schemas/{quote(name, safe='')}", body)
    say(f"The schema {name} is at revision {stored['revision']}.")


@config.command("list")
def list_entries(
    schema: SchemaArgument,
    *,
    scope: ScopeOption = "account",
    output: OutputOption = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """What a scope sees of a schema, and where it comes from."""
    entries = list(entries_of(connect(data, endpoint).console, schema, scope))
    if output is Output.JSON:
        print_json(entries)
        return
    rows = ((e["key"], text(e["value"]), ", ".join(sorted(set(e["origins"].values())))) for e in entries)
    print_table(("key", "value", "from"), rows)


@config.command("get")
def get(
    schema: SchemaArgument,
    key: KeyArgument,
    *,
    scope: ScopeOption = "account",
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """The value that a scope sees."""
    print_json(connect(data, endpoint).console.call("GET", entry(schema, key), scope=scope)["value"])


@config.command("set")
def put(
    schema: SchemaArgument,
    key: KeyArgument,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="JSON; `-` reads it from standard input.")],
    *,
    scope: ScopeOption = "account",
    reason: ReasonOption = "",
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Create an entry, or change it. A text that is no JSON is taken as a text."""
    console = connect(data, endpoint).console
    body = {"value": parsed(value), "revision": newest(console, schema, key, scope), "reason": reason}
    stored = console.call("PUT", entry(schema, key), body, scope=scope)
    say(f"{schema}/{key} at {scope} is at revision {stored['newest']}.")


@config.command("remove")
def remove(
    schema: SchemaArgument,
    key: KeyArgument,
    *,
    scope: ScopeOption = "account",
    reason: ReasonOption = "",
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Remove an entry from its scope; what is inherited shows again."""
    console = connect(data, endpoint).console
    revision = newest(console, schema, key, scope)
    if not revision:
        raise Failure(f"{schema}/{key} has no entry of its own at {scope}.")
    console.call("DELETE", entry(schema, key), scope=scope, revision=revision, reason=reason)
    say(f"{schema}/{key} is removed at {scope}.")


@config.command("history")
def history(
    schema: SchemaArgument,
    key: KeyArgument,
    *,
    scope: ScopeOption = "account",
    output: OutputOption = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """The revisions of an entry, the newest first."""
    revisions = connect(data, endpoint).console.call("GET", entry(schema, key) + "/history", scope=scope)["revisions"]
    if output is Output.JSON:
        print_json(revisions)
        return
    rows = ((r["number"], r["author"], text(r["value"]), r["reason"]) for r in revisions)
    print_table(("revision", "author", "value", "reason"), rows)


@config.command("rollback")
def rollback(
    schema: SchemaArgument,
    key: KeyArgument,
    *,
    to: Annotated[int | None, typer.Option(metavar="REVISION", help="None: the one before.")] = None,
    scope: ScopeOption = "account",
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Put an older revision in force again, or call a roll-out off."""
    stored = connect(data, endpoint).console.call("POST", entry(schema, key) + "/rollback", {"to": to}, scope=scope)
    say(f"{schema}/{key} at {scope} is at revision {stored['newest']}.")


@config.command("export")
def export(*, data: DataOption = None, endpoint: EndpointOption = None) -> None:
    """Everything but secrets as YAML, for version control."""
    document = connect(data, endpoint).console.call("GET", "/api/config/export")
    yaml_text.write(document, sys.stdout)


@config.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `liuyun config export` wrote.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    reason: ReasonOption = "",
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Make what a file says. What it doesn't name stays as it is."""
    body = {"document": read_document(file), "reason": reason}
    dry = str(dry_run).lower()
    changes = connect(data, endpoint).console.call("POST", "/api/config/import", body, dryRun=dry)["changes"]
    for change in changes:
        say(("would change " if dry_run else "changed ") + change)
    if not changes:
        say("Everything is as the file says already.")


def entry(schema: str, key: str) -> str:
    return f"/api/config/entries/{quote(schema, safe='')}/{quote(key, safe='')}"


def entries_of(console: Any, schema: str, scope: str) -> Iterator[Any]:
    after: str | None = ""
    while after is not None:
        page = console.call("GET", f"/api/config/entries/{quote(schema, safe='')}", scope=scope, after=after)
        yield from page["entries"]
        after = page["next"]


def newest(console: Any, schema: str, key: str, scope: str) -> int:
    """The number that the next change must name: also that of an entry that was removed."""
    revisions = console.call("GET", entry(schema, key) + "/history", scope=scope, limit=1)["revisions"]
    return revisions[0]["number"] if revisions else 0


def found(console: Any, path: str) -> Any:
    try:
        return console.call("GET", path)
    except ApiError as error:
        if error.status == 404:
            return None
        raise


def parsed(value: str) -> Any:
    given = sys.stdin.read() if value == "-" else value
    try:
        return json.loads(given)
    except ValueError:
        return given


def read_document(file: Path) -> Any:
    """YAML, of which JSON is a part. Raises Failure."""
    try:
        return yaml_text.read(file.read_text())
    except OSError as error:
        raise Failure(f"{file} can't be read: {error.strerror}.") from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise Failure(f"{file} is no YAML: {error}") from None


def text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
