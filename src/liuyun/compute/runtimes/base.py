"""What a runtime is to the pool."""

from functools import lru_cache
from typing import Protocol

from liuyun.compute.instance import Instance
from liuyun.model.function import Deployed


@lru_cache  # of few names, asked with each call
def takes_bodies(runtime: str) -> bool:
    """Whether an invocation's body may still be on its way when the runtime is called."""
    return runtime.startswith("custom") or runtime == "go1"


class Runtime(Protocol):
    """Starts instances of functions written for it. Python is one; Node.js and custom runtimes are others."""

    def offers(self, runtime: str) -> bool: ...

    async def start(self, deployed: Deployed, instance_id: str, request_id: str) -> Instance:
        """An instance whose handler is loaded and whose initializer has run, on behalf of `request_id`.

        Raises StartFailed when the function's own code is at fault, Unsupported or Unavailable when this machine is.
        """
        ...
