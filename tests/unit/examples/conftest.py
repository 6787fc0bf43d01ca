"""The order application is no package of ours: its folders are put on the path as its processes have them."""

import sys
from pathlib import Path

ORDER = Path(__file__).parents[3] / "examples/order"
for folder in (ORDER, ORDER / "functions"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
