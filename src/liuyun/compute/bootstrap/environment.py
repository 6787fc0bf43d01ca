"""Environment variables and module search path of a function, as the vendor's runtime sets them (fc contract 3.1)."""

import faulthandler
import os
import signal
import sys
from typing import Any


def apply(start: dict[str, Any]) -> None:
    os.environ.clear()
    os.environ.update(start["environment"])
    code_dir: str = start["code_dir"]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    layers = [f"/opt/python/lib/python{version}/site-packages", "/opt/python"]
    own = [path for path in sys.path if path != start["package_root"]]
    sys.path[:] = [code_dir, *layers, *own, *start["last_paths"]]
    sys.dont_write_bytecode = True  # /code is read-only
    # A call that runs out of time gets SIGTERM first, so that its log says where it hung.
    faulthandler.register(signal.SIGTERM, file=2, all_threads=True, chain=True)
