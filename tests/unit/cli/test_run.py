"""What `liuyun up` looks at before it starts anything."""

import pytest

from liuyun.cli.failure import Failure
from liuyun.cli.run import ORDER_SERVICE_NEEDS, require


def test_a_missing_library_is_named():
    """Instead of a traceback of the order service, after everything else has been started."""
    require(ORDER_SERVICE_NEEDS)
    with pytest.raises(Failure, match="needs nosuchlibrary, which"):
        require(("json", "nosuchlibrary"))
