"""The operator's pip configuration as a sandbox needs it: options, hosts that are asked, paths that must be seen."""

import ast
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

SECTIONS = (":env:", "install", "global")  # earlier ones win
PLACES = ("index-url", "extra-index-url", "find-links")
FILES = ("cert", "client-cert", "constraint")
PLAIN = (
    "no-index", "trusted-host", "timeout", "default-timeout", "retries", "pre", "prefer-binary", "only-binary",
    "no-binary", "require-hashes", "no-build-isolation", "use-pep517", "use-feature", "no-compile",
)  # fmt: skip
INDEX = "https://pypi.org/simple"
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class PipSettings:
    """`hosts` are as in `[egress] allow`, `folders` and `files` are paths on this machine, `proxy` its own."""

    options: Mapping[str, str]
    hosts: tuple[str, ...]
    folders: tuple[str, ...]
    files: tuple[str, ...]
    proxy: str = ""

    @property
    def environment(self) -> dict[str, str]:
        return {f"PIP_{name.upper().replace('-', '_')}": value for name, value in self.options.items()}

    @property
    def proxy_address(self) -> tuple[str, int] | None:
        host, port = place(self.proxy if "://" in self.proxy else f"http://{self.proxy}")
        return (host, port) if host else None

    @property
    def proxy_user(self) -> str:
        """As it stands in a URL; empty if there is none."""
        user, at, _ = self.proxy.rpartition("@")
        return user.rpartition("//")[2] + at


def read(listing: str, variables: Mapping[str, str]) -> PipSettings:
    """From what `pip config list` prints, lines as in `global.index-url='https://…'`, and the environment."""
    known = dict(entries(listing))
    options = {name: value for name in (*PLACES, *FILES, *PLAIN) if (value := last(known, name))}
    words = [word for name in (*PLACES, *FILES) for word in options.get(name, "").split()]
    paths = [path for path in map(local_path, words) if path]
    return PipSettings(
        options=options,
        hosts=tuple(dict.fromkeys(hosts(options))),
        folders=tuple(dict.fromkeys(mirror_of(path) for path in paths if Path(path).is_dir())),
        files=tuple(dict.fromkeys(path for path in paths if Path(path).is_file())),
        proxy=last(known, "proxy") or variables.get("https_proxy", "") or variables.get("http_proxy", ""),
    )


def last(known: Mapping[tuple[str, str], str], name: str) -> str:
    """What an option comes to. A list is lines in a file and words in a variable; words are what it becomes."""
    return next((" ".join(known[section, name].split()) for section in SECTIONS if (section, name) in known), "")


def entries(listing: str) -> Iterator[tuple[tuple[str, str], str]]:
    for line in listing.splitlines():
        key, equals, value = line.partition("=")
        section, _, name = key.partition(".")
        if equals and name:
            try:
                yield (section, name), str(ast.literal_eval(value))
            except (SyntaxError, ValueError):
                continue


def hosts(options: Mapping[str, str]) -> Iterator[str]:
    asked = [word for name in PLACES for word in options.get(name, "").split()]
    if "index-url" not in options and options.get("no-index", "").lower() not in {"1", "true", "yes", "on"}:
        asked.append(INDEX)
    for url in asked:
        host, port = place(url)
        if host:
            yield f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def place(url: str) -> tuple[str, int]:
    """Host and port of an address on the web; no host for anything else, what can't be read among it."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):  # pip will say what is wrong with it
        return "", 0
    return parts.hostname or "", port


def mirror_of(path: str) -> str:
    """The pages of an index on disk lie in `simple`, and often lead to files that lie beside it."""
    return str(Path(path).parent) if Path(path).name == "simple" else path


def local_path(word: str) -> str:
    """The path that an option names; empty if it names something elsewhere."""
    if word.startswith("file://"):
        return unquote(urlsplit(word).path)
    path = os.path.expanduser(word)  # noqa: PTH111 - as pip does
    return path if path.startswith("/") else ""
