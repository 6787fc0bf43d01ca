import pytest

from liuyun.compute.interpreters import Interpreter, installed, interpreter_for, nearest, own
from liuyun.errors import Unsupported

PRESENT = [Interpreter((3, minor), f"/bin/python3.{minor}", "/") for minor in (10, 12)]


@pytest.mark.parametrize(("asked", "chosen"), [(9, 10), (10, 10), (11, 12), (12, 12), (13, 12)])
def test_the_nearest_version_runs_a_function(asked: int, chosen: int):
    """The version itself, else the next newer one, else the newest that there is."""
    assert nearest(asked, PRESENT).version == (3, chosen)


@pytest.mark.parametrize("runtime", ["python2.7", "nodejs20", "python", "python3.", "python3.10.1", "java11"])
def test_what_is_not_python_3_is_refused(runtime: str):
    """The error names the runtime."""
    with pytest.raises(Unsupported, match=runtime):
        interpreter_for(runtime)


def test_python3_is_the_platforms_own():
    """The interpreter under the platform is always there."""
    assert interpreter_for("python3") == own()
    assert own() in installed()
