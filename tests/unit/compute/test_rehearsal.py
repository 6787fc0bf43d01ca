"""What a worker does before it has a function."""

import subprocess
import sys

SCRIPT = """
import glob, os, sys
from liuyun.compute.bootstrap.rehearsal import rehearse
from liuyun.compute.bootstrap.worker import Function
def state():
    return (dict(os.environ), set(sys.modules), list(sys.path), os.getcwd(), glob.glob("/tmp/rehearsed*"),
            set(sys.path_importer_cache), sys.dont_write_bytecode)
before = state()
rehearse(Function)
assert state() == before
"""


def test_a_rehearsal_leaves_nothing_behind():
    """The function that comes finds its environment and its modules as if nothing had run before."""
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
