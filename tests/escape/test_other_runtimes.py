"""The same walls around Node.js and around commands: what runs in a sandbox isn't asked what it is written in."""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.escape.world import World

NODE = """
const fs = require('fs'), net = require('net'), { execFileSync } = require('child_process');
const tried = (act) => {
  try { return ['done', String(act()).slice(0, 200)]; } catch (error) { return ['refused', error.code]; }
};
const connect = (port, host) => new Promise((resolve) => {
  const socket = net.connect(port, host);
  socket.on('connect', () => resolve(['done', host]));
  socket.on('error', (error) => resolve(['refused', error.code]));
});
exports.handler = async (event, context, callback) => {
  const { files, port } = JSON.parse(event);
  const acts = [
    ...files.map((file) => () => fs.readFileSync(file)),
    () => fs.writeFileSync('/code/index.js', ''),
    () => fs.writeFileSync('/etc/hosts', ''),
    () => process.setuid(0),
    () => process.kill(100000, 'SIGKILL'),
    () => execFileSync('mount', ['-t', 'tmpfs', 'x', '/tmp'], { stdio: 'pipe' }),
    () => execFileSync('unshare', ['--user', 'id'], { stdio: 'pipe' }),
    () => fs.readdirSync('/var/fc/stores/code')[0].length,
  ];
  const outcomes = acts.map(tried);
  for (const host of ['127.0.0.1', '1.1.1.1', '169.254.169.254']) outcomes.push(await connect(port, host));
  callback(null, outcomes);
};
"""
BOOTSTRAP = """#!/bin/bash
# Tries, and then serves what came of it.
{
  for act in 'cat FILE' 'echo >> /code/bootstrap' 'mount -t tmpfs x /tmp' 'unshare --user id' 'kill -9 100000' \\
    'chroot /tmp' 'mknod /tmp/m c 1 1' 'ls /var/fc/stores/code/*' '> /dev/tcp/127.0.0.1/PORT' '> /dev/tcp/1.1.1.1/53'
  do
    if timeout 2 bash -c "$act" > /dev/null 2>&1; then echo "through: $act"; else echo refused; fi
  done
} > /tmp/outcomes
cat > /tmp/serve.py <<'END'
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = open("/tmp/outcomes", "rb").read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
http.server.HTTPServer(("0.0.0.0", 9000), Handler).serve_forever()
END
exec python3 /tmp/serve.py
"""


def deployed(world: World, folder: Path, runtime: str, files: Mapping[str, str]) -> str:
    name = f"other-{runtime}"
    for path, text in files.items():
        (folder / path).write_text(text)
        (folder / path).chmod(0o755)
    world.deployed.client.create_function("attacked", name, runtime, "index.handler", codeDir=str(folder), timeout=20)
    return name


def test_node(world: World, tmp_path: Path):
    """From a stem cell, which had all code in reach before it got its own."""
    data = world.running.platform.settings.data
    files = [str(data / "liuyun.db"), f"/proc/1/root{data}/liuyun.db", "/etc/shadow"]
    name = deployed(world, tmp_path, "nodejs20", {"index.js": NODE})
    attempt = world.call(name, json.dumps({"files": files, "port": world.running.port}).encode())
    assert {verdict for verdict, _ in attempt.value} == {"refused"}, attempt.value


def test_a_command(world: World, tmp_path: Path):
    """A shell that becomes an HTTP server."""
    file = str(world.running.platform.settings.data / "liuyun.db")
    script = BOOTSTRAP.replace("FILE", file).replace("PORT", str(world.running.port))
    attempt = world.call(deployed(world, tmp_path, "custom", {"bootstrap": script}))
    assert attempt.answer.decode().split("\n") == [*["refused"] * 10, ""]
