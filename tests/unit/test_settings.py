from pathlib import Path

import pytest

from liuyun.errors import Invalid
from liuyun.settings import load


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch):
    for name in ("LIUYUN_PORT", "LIUYUN_DATA", "LIUYUN_HOST"):
        monkeypatch.delenv(name, raising=False)


def test_later_sources_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Options beat the environment, the environment beats the file, the file beats the defaults."""
    file = tmp_path / "liuyun.toml"
    file.write_text('host = "127.0.0.2"\nport = 1\nregion = "cn-beijing"\n')
    monkeypatch.setenv("LIUYUN_PORT", "2")
    monkeypatch.setenv("LIUYUN_HOST", "127.0.0.3")
    settings = load(file, port=3)
    assert (settings.port, settings.host, settings.region, settings.drain_s) == (3, "127.0.0.3", "cn-beijing", 10)
    origins = [settings.origin(name) for name in ("port", "host", "region", "drain_s")]
    assert origins == ["option", "environment", "file", "default"]


def test_the_environment_reaches_into_sections(monkeypatch: pytest.MonkeyPatch):
    """Two underscores lead into a section."""
    monkeypatch.setenv("LIUYUN_LIMITS__INSTANCES", "7")
    settings = load()
    assert (settings.limits.instances, settings.origin("limits.instances")) == (7, "environment")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("prot = 1", "prot"),
        ("port = 'x'", "port"),
        ("[limits]\ninstances = 0", "limits.instances"),
        ("[egress]\nalow = []", "egress.alow"),
        ("port = ", "not TOML"),
    ],
)
def test_a_mistake_stops_the_start_by_name(tmp_path: Path, text: str, named: str):
    """An unknown key or a wrong value is named."""
    file = tmp_path / "liuyun.toml"
    file.write_text(text)
    with pytest.raises(Invalid, match=named):
        load(file)


def test_a_missing_file_is_named(tmp_path: Path):
    """The message says which file can't be read."""
    with pytest.raises(Invalid, match=r"nope\.toml"):
        load(tmp_path / "nope.toml")
