"""What became of a call, in the vendor's words: result, error document, marks and log tail (fc contract 1.7, 3.1)."""

import math
import signal
from contextlib import suppress
from typing import Any

import msgspec
from msgspec.structs import replace

from liuyun.compute.core.http_event import BadAnswer, read_answer
from liuyun.compute.outcome import Aborted, Answered, Ended, Outcome, TimedOut
from liuyun.compute.output import InvocationOutput
from liuyun.errors import Phrase, phrase
from liuyun.model.function import Deployed
from liuyun.model.invocation import HttpAnswer, Invocation, InvocationResult

UNHANDLED, HANDLED = "UnhandledInvocationError", "HandledInvocationError"
SIGNALLED = 128
BAD_SYSTEM_CALL = SIGNALLED + 31


class Ran(msgspec.Struct, frozen=True):
    """What is known of a call beside what came of it. `took_ms` is by the platform's clock."""

    deployed: Deployed
    invocation: Invocation
    instance_id: str
    took_ms: float
    cold: bool
    log: InvocationOutput


def of_call(outcome: Outcome, ran: Ran) -> InvocationResult:
    if isinstance(outcome, Answered):  # nearly always, and a pattern costs five times as much
        reply = outcome.reply
        http = HttpAnswer(reply.status, tuple(reply.headers)) if reply.status else None
        error = (HANDLED if reply.handled else UNHANDLED) if reply.error else None
        return result(ran, outcome.payload, error, duration_ms=reply.ms, memory_mb=reply.rss_kb / 1024, http=http)
    match outcome:
        case TimedOut(memory_mb):
            template = "Function timed out after {seconds} seconds (maxMemoryUsage: {memory}MB)"
            seconds, memory = ran.deployed.function.timeout_s, f"{memory_mb:.2f}"
            return cut_short(ran, phrase("function_timed_out", template, seconds=seconds, memory=memory), memory_mb)
        case Aborted(reason, memory_mb):
            return cut_short(ran, reason, memory_mb)
        case Ended(memory_mb=memory_mb):
            said = phrase(  # the vendor's sentence, and what it leaves open
                "process_exited",
                "Process exited unexpectedly before completing request "
                "(duration: {ms}ms, maxMemoryUsage: {memory}MB). {why}",
                ms=round(ran.took_ms),
                memory=f"{memory_mb:.2f}",
                why=why(outcome),
            )
            return cut_short(ran, said, memory_mb)


def cut_short(ran: Ran, said: Phrase, memory_mb: float) -> InvocationResult:
    """The platform says why there is no answer."""
    ended = result(ran, document(str(said)), UNHANDLED, duration_ms=ran.took_ms, memory_mb=memory_mb)
    return replace(ended, why=said)


def result(
    ran: Ran,
    payload: bytes,
    error_type: str | None,
    *,
    duration_ms: float,
    memory_mb: float,
    http: HttpAnswer | None = None,
) -> InvocationResult:
    return InvocationResult(
        payload=payload,
        error_type=error_type,
        request_id=ran.invocation.request_id,
        instance_id=ran.instance_id,
        version_id=ran.deployed.version_id,
        code_checksum=ran.deployed.function.code_checksum,
        duration_ms=duration_ms,
        memory_mb=memory_mb,
        cold_start=ran.cold,
        http=http,
    )


def as_http(done: InvocationResult) -> InvocationResult:
    """What a handler that took an HTTP call as an event has answered (fc contract 3.6)."""
    if done.error_type is not None:
        return done
    try:
        read = read_answer(done.payload)
    except BadAnswer as error:
        return replace(done, payload=document(str(error)), error_type=UNHANDLED)
    return replace(done, payload=read.body, http=read.http)


def document(message: str) -> bytes:
    """Without an errorType, since nothing was raised: a flow knows such an end as FC.Unknown (fnf contract 3.6)."""
    return msgspec.json.format(msgspec.json.encode({"errorMessage": message}), indent=4)


def why(outcome: Outcome) -> Phrase | None:
    """What an operator should know of an end that the document doesn't tell; None if it tells all."""
    if not isinstance(outcome, Ended):
        return outcome.why if isinstance(outcome, Aborted) else None
    if outcome.out_of_memory:
        template = "The process was killed: it used more memory than the function has (memorySize)."
        return phrase("killed_for_memory", template)
    if outcome.exit_code == BAD_SYSTEM_CALL:
        return phrase(
            "killed_for_call",
            "The kernel ended the process: it made a system call that functions may not make (of 32-bit programs, "
            "say).",
        )
    if outcome.lost:
        return phrase("killed_from_outside", "The instance was killed from outside of its sandbox.")
    if outcome.exit_code > SIGNALLED:
        name = named(outcome.exit_code - SIGNALLED)
        return phrase("killed_by_signal", "The process was ended by signal {name}.", name=name)
    return phrase("process_status", "The process exited with status {status}.", status=outcome.exit_code)


def named(number: int) -> str:
    try:
        return f"{number} ({signal.Signals(number).name})"
    except ValueError:
        return str(number)


def start_failure(outcome: Outcome) -> str:
    """Why there is no instance, in one line."""
    match outcome:
        case Answered(_, payload):
            with suppress(msgspec.DecodeError):
                told = msgspec.json.decode(payload, type=dict[str, Any])
                return f"{told.get('errorType', 'Error')}: {told.get('errorMessage', '')}"[:500]
            return "The function can't be loaded."
        case TimedOut():
            return "The function took too long to start."
        case Aborted(reason, _):
            return str(reason)
        case Ended():
            return f"The function ended while it started. {why(outcome)}"


def end_mark(done: InvocationResult) -> str:
    mark = f"FC Invoke End RequestId: {done.request_id}"
    if done.error_type is None:
        return mark
    return f"{mark}, Error: {'Handled' if done.error_type == HANDLED else 'Unhandled'} function error"


def with_tail(done: InvocationResult, ran: Ran) -> InvocationResult:
    if not ran.invocation.tail_log:
        return done
    summary = (
        f"Duration: {done.duration_ms:.2f} ms, Billed Duration: {math.ceil(done.duration_ms)} ms, "
        f"Memory Size: {ran.deployed.function.memory_mb} MB, Max Memory Used: {done.memory_mb:.2f} MB"
    )
    return replace(done, log_tail=ran.log.tail(summary))
