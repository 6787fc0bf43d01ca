"""The root folder of sandboxes: a skeleton on disk, onto which each sandbox binds what it may see.

The skeleton holds mount points, links and a small /etc; it is written once and named by the hash of what is in it, so a
changed hosts file or interpreter makes a new one. All functions that share an interpreter share it.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from liuyun.compute.bootstrap.init import USER
from liuyun.compute.bootstrap.isolation import DEVICES
from liuyun.compute.interpreters import Interpreter

CODE, LAYERS, STANDARD_LAYER, HOSTNAME = "/code", "/opt", "/var/fc/standard", "fc"
LANGUAGE, NODE_BOOTSTRAP = "/var/fc/language", "/var/fc/node"
BUNDLE, AUTHORITY = "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/certs/liuyun.pem"
CLIENTS = "/var/fc/clients"  # what functions may import of the platform's own, by language
PACKAGER = "/var/fc/packager"  # where pip is, while packages are installed
RESOLVER_FILE = "/etc/resolv.conf"
SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
FOLDERS = (
    "code",
    "dev",
    "dev/shm",
    "etc",
    "mnt",
    "opt",
    "proc",
    "run",
    "tmp",
    "usr",
    "var",
    "var/fc",
    "var/fc/language",
    "var/fc/standard",
    "var/fc/stores",
    "var/fc/stores/code",
)
LINKS = {
    "dev/fd": "/proc/self/fd",
    "dev/stdin": "/proc/self/fd/0",
    "dev/stdout": "/proc/self/fd/1",
    "dev/stderr": "/proc/self/fd/2",
    "var/tmp": "/tmp",  # noqa: S108 - the sandbox's own
    "etc/mtab": "/proc/self/mounts",
    "etc/ssl/cert.pem": "certs/ca-certificates.crt",
    "etc/pki/tls/certs/ca-bundle.crt": "../../../ssl/certs/ca-certificates.crt",
}
PACKAGED = (
    "etc/java-*-openjdk",
    "etc/php",
    "etc/perl",
)  # folders of languages whose packages keep a part of them in /etc
FROM_HOST = ("etc/ld.so.cache", "etc/services", "etc/protocols", "etc/mime.types")
FIXED = {
    "etc/passwd": f"root:x:0:0::/:/bin/false\nfc:x:{USER}:{USER}::/tmp:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n",
    "etc/group": f"root:x:0:\nfc:x:{USER}:\nnogroup:x:65534:\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n",
    "etc/resolv.conf": "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
    "etc/hostname": f"{HOSTNAME}\n",
}
Bind = tuple[str, str]  # path on this machine, path in the sandbox


@dataclass(frozen=True, slots=True)
class Root:
    path: str
    binds: tuple[Bind, ...]


def make_root(
    folder: Path,
    interpreter: Interpreter,
    files: Mapping[str, bytes],
    host: Path = Path("/"),
    further: Sequence[Bind] = (),
) -> Root:
    """`files` are what the platform adds, by path in the sandbox, and `further` what it binds. Raises OSError."""
    entries = {**{name: text.encode() for name, text in FIXED.items()}, **{k.lstrip("/"): v for k, v in files.items()}}
    for name in FROM_HOST:
        if (host / name).is_file():
            entries[name] = (host / name).read_bytes()
    links = {**LINKS, **dict(host_links(host))}
    binds = (*host_binds(host, interpreter), *further)
    path = folder / f"root-{fingerprint(entries, links, binds)}"
    if not path.is_dir():
        draft = folder / f"draft-{os.getpid()}-{path.name}"
        shutil.rmtree(draft, ignore_errors=True)
        write_root(draft, entries, links, binds)
        draft.rename(path)
    return Root(str(path), binds)


def host_links(host: Path) -> Iterator[tuple[str, str]]:
    for name in SYSTEM:
        if (host / name).is_symlink():
            yield name, str((host / name).readlink())
    alternatives = host / "etc/alternatives"
    if alternatives.is_dir():
        for link in alternatives.iterdir():
            if link.is_symlink():
                yield f"etc/alternatives/{link.name}", str(link.readlink())


def host_binds(host: Path, interpreter: Interpreter) -> Iterator[Bind]:
    yield str(host / "usr"), "/usr"
    for name in SYSTEM:
        if (host / name).is_dir() and not (host / name).is_symlink():
            yield str(host / name), f"/{name}"
    for pattern in PACKAGED:
        for path in sorted(host.glob(pattern)):
            yield str(path), f"/{path.relative_to(host)}"
    prefix = interpreter.prefix
    if not prefix.startswith("/usr/") and prefix not in {"/", "/usr"}:
        yield prefix, prefix


def fingerprint(entries: Mapping[str, bytes], links: Mapping[str, str], binds: tuple[Bind, ...]) -> str:
    digest = hashlib.sha256()
    for part in (repr(sorted(entries.items())), repr(sorted(links.items())), repr(binds)):
        digest.update(part.encode())
    return digest.hexdigest()[:16]


def write_root(path: Path, entries: Mapping[str, bytes], links: Mapping[str, str], binds: tuple[Bind, ...]) -> None:
    """Readable by everybody: inside, everybody else is who reads it."""
    for name in (*FOLDERS, *(target.lstrip("/") for _, target in binds)):
        make_folder(path, path / name)
    for name, content in (*entries.items(), *((f"dev/{device}", b"") for device in DEVICES)):
        make_folder(path, (path / name).parent)
        (path / name).write_bytes(content)
        (path / name).chmod(0o644)
    for name, target in links.items():
        make_folder(path, (path / name).parent)
        (path / name).symlink_to(target)


def make_folder(root: Path, path: Path) -> None:
    for folder in (*reversed([p for p in path.parents if root in (p, *p.parents)]), path):
        if not folder.is_dir():
            folder.mkdir(parents=folder == root)
            folder.chmod(0o755)  # whatever the umask


def sweep(folder: Path) -> None:
    """Removes what earlier platforms made; for the start, when no sandbox runs."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
