"""Which Node.js a runtime's name means."""

import pytest

from liuyun.compute.nodes import NodeJs, installed, nearest, node_for
from liuyun.errors import Unsupported

PRESENT = [NodeJs(major, f"/opt/{major}/bin/node", f"/opt/{major}") for major in (20, 24)]


@pytest.mark.parametrize(("asked", "found"), [(8, 20), (20, 20), (22, 24), (24, 24), (26, 24)])
def test_the_nearest_version_is_taken(asked: int, found: int):
    """The version itself, else the next newer one, else the newest."""
    assert nearest(asked, PRESENT).version == found


@pytest.mark.parametrize("runtime", ["python3", "nodejs", "nodejs20x", "node20"])
def test_other_names_are_refused(runtime: str):
    """What isn't a runtime of Node.js is not taken for one."""
    with pytest.raises(Unsupported, match="not one of Node"):
        node_for(runtime)


def test_what_is_found_runs():
    """Each installation is asked for its version; the package that the tests need is one of them."""
    assert installed()
    assert [node.version for node in installed()] == sorted({node.version for node in installed()})
