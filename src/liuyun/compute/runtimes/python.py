"""Python functions: event handlers and WSGI applications, in forks of a zygote."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from liuyun.compute.clients import clients_of
from liuyun.compute.instance import Instance
from liuyun.compute.interpreters import NAME, Interpreter, interpreter_for
from liuyun.compute.runtimes.facts import start_header
from liuyun.compute.runtimes.frame_worker import FrameWorker
from liuyun.compute.runtimes.remembered import Remembered
from liuyun.compute.runtimes.workshop import Workshop
from liuyun.compute.sandbox.root import STANDARD_LAYER
from liuyun.compute.sandbox.zygote import PACKAGE_ROOT
from liuyun.model.function import Deployed

MODERN = (3, 12)  # from this runtime on handlers get the vendor's newer context
OWN_FRAMES = (f'  File "{PACKAGE_ROOT}/liuyun/compute/', '  File "<string>", line 1 in <module>')  # of a hanging worker


class PythonRuntime:
    """`layer` gives the standard layer of an interpreter, if there is to be one."""

    def __init__(self, workshop: Workshop, layer: Callable[[Interpreter], Awaitable[Path | None]]) -> None:
        self._workshop = workshop
        self._layer = layer
        self._interpreters = Remembered(interpreter_for)

    def offers(self, runtime: str) -> bool:
        return NAME.fullmatch(runtime) is not None

    async def start(self, deployed: Deployed, instance_id: str, request_id: str) -> Instance:
        interpreter = await self._interpreters.of(deployed.function.runtime)
        layer = await self._layer(interpreter)
        wish = self._workshop.wish(deployed, instance_id, interpreter, layer)
        furnished = await self._workshop.furnish(deployed, wish, hidden=OWN_FRAMES)
        own = {
            "package_root": PACKAGE_ROOT,
            "last_paths": last_paths(layer, isolated=self._workshop.isolated),
            "modern": is_modern(deployed.function.runtime),
        }
        worker = FrameWorker(start_header(furnished, self._workshop.settings, request_id, own))
        return await self._workshop.begin(furnished, worker, request_id, waits=True)


def last_paths(layer: Path | None, *, isolated: bool) -> Sequence[str]:
    """What the platform brings comes after everything else, so that a package's own copy of a library wins."""
    layers = () if layer is None else (STANDARD_LAYER if isolated else str(layer),)
    return (*layers, clients_of("python", isolated=isolated))


def is_modern(runtime: str) -> bool:
    match = NAME.fullmatch(runtime)
    return match is not None and match[1] is not None and int(match[1]) >= MODERN[1]
