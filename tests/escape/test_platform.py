"""Reaching the platform itself: its ports, its files, and the machine's network behind the way out."""

import socket

from tests.escape.world import World


def machines_address() -> str:
    """An address of this machine beside the loopback's; the loopback's where it has no other."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            return "127.0.0.2"
        return sock.getsockname()[0]


def test_its_port_is_not_reached_directly(world: World):
    """A sandbox has a loopback of its own and no other interface."""
    port = world.running.port
    world.all_refused(
        f"socket.create_connection(('127.0.0.1', {port}), 2)",
        f"socket.create_connection(('{machines_address()}', {port}), 2)",
        f"socket.create_connection(('10.0.2.2', {port}), 2)",
        "socket.create_connection(('1.1.1.1', 53), 2)",
        "socket.create_connection(('::1', 80, 0, 0), 2)",
        "socket.getaddrinfo('example.com', 80)",
    )


def test_its_port_is_not_reached_through_the_way_out(world: World):
    """However the machine's own addresses are written; the refusal says what the operator could set."""
    port = world.running.port
    hosts = [
        "127.1",
        "2130706433",
        "0x7f000001",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "0.0.0.0",
        "localhost.",
        machines_address(),
    ]
    reasons = world.all_refused(*(f"fetch('http://{host}:{port}/')" for host in hosts))
    assert all("PermissionError: 403" in reason or "URLError" in reason or "502" in reason for reason in reasons)
    assert sum("[egress] allow" in reason for reason in reasons) >= 5


def test_metadata_and_private_networks_are_denied(world: World):
    """To plain requests and to tunnels alike."""
    port = world.running.port
    hosts = ["169.254.169.254:80", "100.100.100.200:80", "10.1.2.3:22", "192.168.0.1:443", f"127.0.0.1:{port}"]
    tunnels = world.all_refused(*(f"tunnel('{host}')" for host in hosts))
    assert all("HTTP/1.1 403" in reason for reason in tunnels)
    reasons = world.all_refused("fetch('http://169.254.169.254/latest/meta-data/')", "fetch('http://100.100.100.200/')")
    assert all("is a metadata address" in reason or "is a link-local address" in reason for reason in reasons)


def test_a_denial_stands_in_the_functions_log(world: World):
    """Whoever wrote the function sees what was refused and whom to ask."""
    attempt = world.attempt("def handler(event, context):\n    tried(lambda: fetch('http://10.0.0.1/'))\n")
    assert "Connecting to 10.0.0.1 port 80 is not allowed: 10.0.0.1 is a private address" in attempt.log


def test_its_files_are_not_there(world: World):
    """Neither by their names nor through any link of /proc."""
    data = world.running.platform.settings.data
    files = [data / "liuyun.db", data / "authority/ca.key", data / "sandbox/bundle.pem"]
    assert all(file.exists() for file in files)
    world.all_refused(
        *(f"open({str(file)!r}, 'rb')" for file in files),
        *(f"open('/proc/{pid}/root{files[0]}', 'rb')" for pid in ("1", "self", "2")),
        f"open('/proc/1/cwd/{'../' * 9}{files[0]}', 'rb')",
        "open('/etc/shadow')",
        "open('/root/.bashrc')",
        "os.listdir('/home')",
        "open('/proc/1/environ').read()[1000]",
    )


def test_what_is_shared_can_not_be_changed(world: World):
    """The system, the interpreter, the trusted certificates and the names: all read-only, for all functions at once."""
    world.all_refused(
        "open('/usr/bin/evil', 'w')",
        "open(os.__file__, 'a')",
        "open('/etc/hosts', 'a')",
        "open('/etc/ssl/certs/ca-certificates.crt', 'a')",
        "open('/code/index.py', 'a')",
        "os.chmod('/code/index.py', 0o777)",
        "os.rename('/etc/hosts', '/etc/h')",
        "os.symlink('/tmp', '/opt/x')",
        "os.link('/code/index.py', '/tmp/index.py')",
        "open('/var/x', 'w')",
        "open('/run/x', 'w')",
    )
