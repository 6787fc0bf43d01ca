"""Functions in JavaScript on the stage of `stage.py`."""

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

from liuyun.model.invocation import InvocationResult
from tests.contract.runtime.stage import Stage, on_stage

RUNTIME = "nodejs20"


def deploy(stage: Stage, code: str, *, file: str = "index.js", **options: Any) -> None:
    files = {file: dedent(code), **options.pop("files", {})}
    stage.deploy("", files=files, **{"runtime": RUNTIME, **options})


def call(folder: Path, code: str, payload: bytes = b"", **options: Any) -> InvocationResult:
    """Deploys one function and calls it once."""

    async def act(stage: Stage) -> InvocationResult:
        deploy(stage, code, **options)
        return await stage.invoke(payload, tail_log=True)

    return on_stage(folder, act)


def failure(folder: Path, code: str, kind: str = "UnhandledInvocationError", **options: Any) -> dict[str, Any]:
    result = call(folder, code, **options)
    assert result.error_type == kind, result.payload
    return json.loads(result.payload)
