"""Why a run ended other than by itself: a word for pages, which say it in their reader's language, and a sentence."""

import signal

from limits import MB, Limits

TIME, PROCESSES, OUTPUT, MEMORY = "time", "processes", "output", "memory"  # it was stopped
WANTED_MEMORY, FILE, SIGNAL, COMPILE = "wanted-memory", "file", "signal", "compile"  # it stopped by itself
MEMORY_WORDS = (
    "MemoryError", "bad_alloc", "annot allocate memory", "ut of memory", "OutOfMemoryError", "Allowed memory size",
    "ailed to allocate memory", "not enough memory", "memory allocation of",
)  # fmt: skip
SENTENCES = {
    TIME: "Stopped after {seconds} s.",
    PROCESSES: "Stopped: it had more than {processes} processes and threads.",
    OUTPUT: "Stopped: it printed more than {printed_mb} MB.",
    MEMORY: "Stopped: it used more than {memory_mb} MB of memory.",
    WANTED_MEMORY: "It wanted more memory than it may have ({memory_mb} MB).",
    FILE: "It wrote a file of more than {file_mb} MB.",
    SIGNAL: "It was ended by signal {number} ({signal}).",
    COMPILE: "It did not compile.",
}
STREAMS = {"stdout": "Output", "stderr": "Error output"}


def reason(code: int, stderr: str) -> str:
    """Why it ended badly, where an exit code alone doesn't say it. `code` is negative if a signal ended it."""
    if code == 0:
        return ""
    if any(words in stderr for words in MEMORY_WORDS):
        return WANTED_MEMORY
    if code == -signal.SIGXFSZ or "File too large" in stderr:
        return FILE
    return SIGNAL if code < 0 else ""


def note(why: str, cut: list[str], code: int, limits: Limits) -> str:
    """In words; `cut` are the streams of which not all was kept."""
    facts = {
        "seconds": limits.seconds,
        "processes": limits.processes,
        "printed_mb": limits.printed_bytes // MB,
        "memory_mb": limits.memory_mb,
        "file_mb": limits.file_bytes // MB,
        "number": -code,
        "signal": signal.strsignal(-code) if code < 0 else "",
    }
    sentences = [SENTENCES[why].format(**facts)] if why else []
    sentences += [f"{STREAMS[name]} cut at {limits.output_bytes // 1024} KB." for name in cut]
    return " ".join(sentences)
