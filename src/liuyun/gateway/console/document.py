"""`python -m liuyun.gateway.console.document`: the OpenAPI document of the console's API, from which its pages' types are
made.
"""

import json
import sys

from liuyun.gateway.console.app import described


def document() -> str:
    return json.dumps(described().openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
