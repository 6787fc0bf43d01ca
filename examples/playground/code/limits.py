"""What a program may use. Each figure can be set in the function's environment, as PLAYGROUND_SECONDS and the like."""

import os
from dataclasses import dataclass

KB, MB = 1024, 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """`printed_bytes` may be printed, of which `output_bytes` of each stream are kept."""

    seconds: int
    memory_mb: int = 512
    processes: int = 128
    output_bytes: int = 64 * KB
    printed_bytes: int = 32 * MB
    file_bytes: int = 64 * MB
    files: int = 1024


def of_environment(name: str, default: int, most: int) -> int:
    """Raises ValueError, which names it, if what stands there is no number, or more than the sandbox has room for."""
    name = f"PLAYGROUND_{name}"
    given = os.environ.get(name, "")
    if given and not (given.isdigit() and 1 <= int(given) <= most):
        raise ValueError(f"{name} must be a whole number from 1 to {most}, but is '{given}'")
    return int(given or default)


def limited(seconds: int) -> Limits:
    return Limits(
        seconds=seconds,
        memory_mb=of_environment("MEMORY_MB", 512, 2048),
        processes=of_environment("PROCESSES", 128, 256),
        output_bytes=of_environment("OUTPUT_KB", 64, 256) * KB,
        printed_bytes=of_environment("PRINTED_MB", 32, 1024) * MB,
        file_bytes=of_environment("FILE_MB", 64, 512) * MB,
    )


COMPILING = limited(of_environment("COMPILER_SECONDS", 30, 300))
RUNNING = limited(of_environment("SECONDS", 10, 300))
CODE_BYTES = 64 * KB
INPUT_BYTES = 256 * KB
