"""What a worker does before it has a function."""

import subprocess
import sys

SCRIPT = """
import os, sys
from liuyun.compute.bootstrap.rehearsal import rehearse
before = dict(os.environ), set(sys.modules), list(sys.path), os.getcwd()
rehearse()
assert (dict(os.environ), set(sys.modules), list(sys.path), os.getcwd()) == before
"""


def test_a_rehearsal_leaves_nothing_behind():
    """The function that comes finds its environment and its modules as if nothing had run before."""
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
