"""Getting at the kernel: mounts, namespaces, devices, raw sockets, keys, tracing, and becoming somebody else."""

from tests.escape.world import World


def test_mounts_and_roots(world: World):
    """Nothing is mounted, remounted, unmounted or changed for another root."""
    world.all_refused(
        "command('mount', '-t', 'tmpfs', 'x', '/tmp')",
        "command('mount', '-o', 'remount,rw', '/')",
        "command('umount', '-l', '/code')",
        "call(165, 40, b'x', b'/tmp', b'tmpfs', 0, 0)",
        "call(155, 41, b'.', b'.')",
        "call(428, 428, -100, b'/', 0)",
        "call(430, 430, b'tmpfs', 0)",
        "os.chroot('/tmp')",
    )


def test_new_namespaces(world: World):
    """A user namespace would give capabilities over whatever is made in it."""
    world.all_refused(
        "command('unshare', '--user', '--map-root-user', 'id')",
        "call(272, 97, 0x10000000)",
        "call(272, 97, 0x00020000)",
        "call(56, 220, 0x10000000 | 17, 0, 0, 0, 0)",
        "call(435, 435, ctypes.create_string_buffer(88), 88)",
        "call(308, 268, os.open('/proc/1/ns/user', os.O_RDONLY), 0)",
        "command('nsenter', '--target', '1', '--net', 'id')",
    )


def test_devices(world: World):
    """None can be made, and those of the machine aren't there."""
    world.all_refused(
        "os.mknod('/tmp/mem', 0o20666, os.makedev(1, 1))",
        "os.mknod('/dev/shm/disk', 0o60666, os.makedev(254, 0))",
        "open('/dev/mem', 'rb')",
        "open('/dev/kmsg', 'rb')",
        "open('/proc/kcore', 'rb').read(1)",
        "open('/dev/net/tun', 'rb')",
        "open('/dev/fuse', 'rb')",
        "open('/dev/ptmx', 'rb')",
        "open('/sys/kernel/uevent_helper').read()",
    )


def test_sockets_that_see_more(world: World):
    """Raw ones, packets, other netlinks, the hypervisor's, the kernel's ciphers."""
    world.all_refused(
        "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)",
        "socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)",
        "socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 768)",
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)",
        "socket.socket(40, socket.SOCK_STREAM)",
        "socket.socket(38, socket.SOCK_SEQPACKET)",
        "command('ip', 'link', 'set', 'lo', 'down')",
    )


def test_parts_of_the_kernel_that_functions_can_do_without(world: World):
    """Keyring, perf, bpf, io_uring, userfaultfd, modules, kexec, the log, the clock, the host's name."""
    world.all_refused(
        "call(248, 217, b'user', b'name', b'secret', 6, -4)",
        "call(250, 219, 0, -4, 1)",
        "call(298, 241, ctypes.create_string_buffer(128), 0, -1, -1, 0)",
        "call(321, 280, 0, ctypes.create_string_buffer(128), 128)",
        "call(425, 425, 8, ctypes.create_string_buffer(128))",
        "call(323, 282, 1)",
        "call(175, 105, b'', 0, b'')",
        "call(246, 104, 0, 0, 0, 0)",
        "call(103, 116, 3, ctypes.create_string_buffer(64), 64)",
        "time.clock_settime(time.CLOCK_REALTIME, 0)",
        "socket.sethostname('evil')",
        "open('/proc/sys/kernel/core_pattern', 'w').write('|/tmp/x')",
        "open('/proc/sysrq-trigger', 'w').write('b')",
    )


def test_becoming_somebody_else(world: World):
    """No user, no group, no capability can be had, by no program."""
    world.all_refused(
        "os.setuid(0)",
        "os.setresgid(0, 0, 0)",
        "os.setgroups([0])",
        "call(126, 91, bytes.fromhex('2205082000000000'), bytes([255]) * 24)",
        "command('su', '-c', 'id')",
        "command('sudo', '-n', 'id')",
        "os.chown('/tmp', 0, 0)",
    )


def test_programs_with_somebodys_rights(world: World):
    """Set-user-id counts for nothing: not on the system's programs, not on one's own."""
    own = "command('sh', '-c', 'cp /bin/bash /tmp/b; chmod 4777 /tmp/b; /tmp/b -p -c id').split()[0]"
    systems = "os.access('/usr/bin/su', os.X_OK) and bool(os.statvfs('/usr/bin').f_flag & os.ST_NOSUID)"
    outcomes = world.outcomes([own, systems])
    assert outcomes == {own: ["done", "b'uid=1000(fc)'"], systems: ["done", "True"]}
