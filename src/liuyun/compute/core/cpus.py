"""How much of the machine's processors a function has."""

from liuyun.model.function import Function

MB_PER_CPU = 1536  # where only memory is said: 3 GB come with two (fc contract 2: 512 MB with 0.35)
STEP, LEAST, MOST = 0.05, 0.05, 16.0


def cpus_of(function: Function) -> float:
    """Its `cpu` of the newer API, or what goes with its memory, in the vendor's steps."""
    said = function.config.get("cpu")
    wanted = said if isinstance(said, int | float) and said > 0 else function.memory_mb / MB_PER_CPU
    return round(min(MOST, max(LEAST, round(wanted / STEP) * STEP)), 2)
