"""`python -m liuyun.gateway.console.document` prints the OpenAPI document, from which the pages' types are made."""

import json
import sys

from liuyun.gateway.console.app import described


def document() -> str:
    return json.dumps(described().openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
