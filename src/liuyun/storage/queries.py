"""Named SQL: `sql/queries/<store>.sql` holds queries, each under a line `-- name: what it does`."""

import re
from functools import cache
from importlib.resources import files

TITLE = re.compile(r"^-- (?P<name>[a-z_]+):.*$", re.MULTILINE)
CHANGED = re.compile(r"\b(?:INSERT INTO|DELETE FROM|(?<!DO )UPDATE)\s+(?P<table>[a-z_]+)")


@cache
def queries() -> dict[str, str]:
    """`{"store.query": sql}` of all files."""
    found: dict[str, str] = {}
    for file in sorted((files("liuyun.storage") / "sql/queries").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql"):
            for name, sql in split(file.read_text()):
                found[f"{file.name.removesuffix('.sql')}.{name}"] = sql
    return found


@cache
def changed() -> dict[str, str]:
    """`{"store.query": table}` of the queries that change one."""
    found = ((name, CHANGED.search(sql)) for name, sql in queries().items())
    return {name: match["table"] for name, match in found if match}


def split(text: str) -> list[tuple[str, str]]:
    titles = list(TITLE.finditer(text))
    ends = [title.start() for title in titles[1:]] + [len(text)]
    return [(title["name"], text[title.end() : end].strip()) for title, end in zip(titles, ends, strict=True)]


@cache
def migrations() -> list[tuple[int, str]]:
    """`(number, script)` of `sql/migrations/NNNN_*.sql`, in order. A landed migration never changes."""
    folder = files("liuyun.storage") / "sql/migrations"
    scripts = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [(int(file.name[:4]), file.read_text()) for file in scripts]
