"""Where an installation keeps its data: what a command needs to find one, without all that can be set about it."""

from pathlib import Path

DATABASE = "liuyun.db"  # in the data folder


def default_data() -> Path:
    """`./.liuyun` where a platform was started in this folder before, else `~/.liuyun`."""
    here = Path(".liuyun")
    return here if here.is_dir() else Path.home() / ".liuyun"
