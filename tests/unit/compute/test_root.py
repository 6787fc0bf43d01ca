"""The skeleton of a sandbox's root."""

from pathlib import Path

from liuyun.compute.interpreters import Interpreter
from liuyun.compute.sandbox.root import Root, make_root, sweep


def host(folder: Path) -> Path:
    for name in ("usr/bin", "lib", "etc/alternatives"):
        (folder / name).mkdir(parents=True)
    (folder / "bin").symlink_to("usr/bin")
    (folder / "etc/services").write_text("http 80/tcp\n")
    (folder / "etc/shadow").write_text("secret")
    return folder


def made(tmp_path: Path, prefix: str = "/usr", hosts: bytes = b"h") -> Root:
    interpreter = Interpreter((3, 11), f"{prefix}/bin/python3.11", prefix)
    place = tmp_path / "host"
    return make_root(tmp_path, interpreter, {"/etc/hosts": hosts}, place if place.exists() else host(place))


def test_system_folders_are_bound_and_links_are_kept(tmp_path: Path):
    """A merged /usr is seen as it is outside; a real folder is bound."""
    root = made(tmp_path)
    assert [target for _, target in root.binds] == ["/usr", "/lib"]
    assert (Path(root.path) / "bin").readlink() == Path("usr/bin")


def test_an_interpreter_elsewhere_is_bound_where_it_is(tmp_path: Path):
    """Its paths are compiled into it."""
    root = made(tmp_path, prefix="/home/me/python")
    assert ("/home/me/python", "/home/me/python") in root.binds
    assert (Path(root.path) / "home/me/python").is_dir()


def test_only_chosen_files_of_etc_are_there(tmp_path: Path):
    """What the host keeps in /etc is its own."""
    etc = Path(made(tmp_path).path) / "etc"
    assert (etc / "hosts").read_bytes() == b"h"
    assert (etc / "services").exists()
    assert not (etc / "shadow").exists()


def test_everybody_may_read_it(tmp_path: Path):
    """The sandbox's user is nobody outside."""
    path = Path(made(tmp_path).path)
    assert all(entry.stat().st_mode & 0o4 for entry in path.rglob("*") if not entry.is_symlink())


def test_other_contents_are_another_root(tmp_path: Path):
    """So that a running sandbox never sees its root change."""
    first, second = made(tmp_path, hosts=b"1"), made(tmp_path, hosts=b"2")
    assert first.path != second.path
    assert made(tmp_path, hosts=b"1").path == first.path


def test_old_roots_are_swept(tmp_path: Path):
    """Files beside them stay."""
    folder = tmp_path / "sandbox"
    (folder / "root-old").mkdir(parents=True)
    (folder / "bundle.pem").touch()
    sweep(folder)
    assert [path.name for path in folder.iterdir()] == ["bundle.pem"]
