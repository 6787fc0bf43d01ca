"""Node.js functions: event handlers and HTTP handlers, in a process of their own Node.js."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from liuyun.compute.clients import clients_of
from liuyun.compute.instance import Instance
from liuyun.compute.interpreters import interpreter_for
from liuyun.compute.nodes import NAME, NodeJs, node_for
from liuyun.compute.runtimes.environment import BASE
from liuyun.compute.runtimes.facts import start_header
from liuyun.compute.runtimes.frame_worker import FrameWorker
from liuyun.compute.runtimes.remembered import Remembered
from liuyun.compute.runtimes.workshop import Workshop
from liuyun.compute.sandbox.root import AUTHORITY, LANGUAGE, NODE_BOOTSTRAP
from liuyun.compute.sandbox.sandbox import Program
from liuyun.compute.sandbox.zygote import PACKAGE_ROOT
from liuyun.model.function import Deployed

SCRIPTS = Path(PACKAGE_ROOT) / "liuyun/compute/bootstrap/node"
MODULES = "/opt/nodejs/node_modules"  # where layers bring theirs (fc contract 2)
RESERVED_BYTES = 640 * 1024 * 1024  # Node.js 24 ends at once without 512 MB for pages that its heap may never use
INTERPRETER = "python3"  # whose zygote its sandboxes are forks of
AT_START = "NODE_OPTIONS"  # Node.js reads it when it starts, and never again


class NodeRuntime:
    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._nodes = Remembered(node_for)
        self._interpreters = Remembered(interpreter_for)

    def offers(self, runtime: str) -> bool:
        return NAME.fullmatch(runtime) is not None

    async def start(self, deployed: Deployed, instance_id: str, request_id: str) -> Instance:
        function = deployed.function
        node = await self._nodes.of(function.runtime)
        wish = self._workshop.wish(deployed, instance_id, await self._interpreters.of(INTERPRETER), None)
        wish = replace(wish, program=self._program(node, function.memory_mb, function.environment))
        furnished = await self._workshop.furnish(deployed, wish)
        variables = environment(furnished.environment, node, isolated=self._workshop.isolated)
        header = start_header(furnished, self._workshop.settings, request_id, {"environment": variables})
        return await self._workshop.begin(furnished, FrameWorker(header), request_id)

    def _program(self, node: NodeJs, memory_mb: int, environment: Mapping[str, str]) -> Program:
        isolated = self._workshop.isolated
        moved = isolated and not in_system(node)
        path = f"{LANGUAGE}/{Path(node.path).relative_to(node.prefix)}" if moved else node.path
        scripts = NODE_BOOTSTRAP if isolated else str(SCRIPTS)
        variables = {**BASE, "NODE_EXTRA_CA_CERTS": AUTHORITY if isolated else self._workshop.trust[1]}
        if AT_START in environment:
            variables[AT_START] = environment[AT_START]
        return Program(
            command=(path, f"--max-old-space-size={memory_mb}", f"{scripts}/main.cjs"),
            environment=tuple(variables.items()),
            binds=((node.prefix, LANGUAGE),) if moved else (),
            reserved_bytes=RESERVED_BYTES,
        )


def in_system(node: NodeJs) -> bool:
    """Whether every sandbox shows it anyway, where it is."""
    return node.path.startswith("/usr/")


def environment(variables: Mapping[str, str], node: NodeJs, *, isolated: bool) -> dict[str, str]:
    """`node` is the one that runs the function, also for what the function starts."""
    found = {"NODE_PATH": f"{MODULES}:{clients_of('node', isolated=isolated)}", **variables}
    if not in_system(node):
        folder = f"{LANGUAGE}/bin" if isolated else str(Path(node.path).parent)
        found["PATH"] = f"{folder}:{found.get('PATH', '')}"
    return found
