"""What a program may use."""

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """`printed_bytes` may be printed, of which `output_bytes` of each stream are kept."""

    seconds: int
    memory_mb: int = 512
    processes: int = 128
    output_bytes: int = 64 * 1024
    printed_bytes: int = 32 * MB
    file_bytes: int = 64 * MB
    files: int = 1024


COMPILING = Limits(seconds=30)
RUNNING = Limits(seconds=10)
CODE_BYTES = 64 * 1024
INPUT_BYTES = 256 * 1024
