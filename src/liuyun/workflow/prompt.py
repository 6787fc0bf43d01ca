"""Effects that are carried out without a task: handed over at once, their result posted from where it arrives.

What needs more than that, such as an execution that isn't in memory or an instance that must be started, takes the long
way by a task of the dispatcher, which comes to the same.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import structlog

from liuyun.errors import phrase
from liuyun.model.execution import ExecutionKey
from liuyun.workflow.core.activations import Activation, TaskFailed
from liuyun.workflow.core.decision import Decision
from liuyun.workflow.outbox import Outgoing

Told = Callable[[Activation | Exception], None]
# How to give it up; None: it needs a task. What comes of it is told once.
Begin = Callable[[ExecutionKey, Any, Told], Callable[[], object] | None]
Done = Callable[["Prompt", Decision | Exception], None]

log = structlog.get_logger()


class Receiver(Protocol):
    """The engine, as far as results go."""

    def expects(self, key: ExecutionKey, event_id: int) -> bool: ...

    def post(self, key: ExecutionKey, activation: Activation, then: Callable[[Decision | Exception], None]) -> None: ...


class Prompter:
    """`begins` hold one function per kind of effect that may need no task."""

    def __init__(self, receiver: Receiver, begins: Mapping[type, Begin]) -> None:
        self._receiver = receiver
        self._begins = begins

    def begin(self, key: ExecutionKey, effect: Outgoing, done: Done) -> "Prompt | None":
        """None if it needs a task. `done` is told once its result is committed, or why it is not."""
        begin = self._begins.get(type(effect))
        if begin is None or not self._receiver.expects(key, effect.event_id):
            return None
        prompt = Prompt(self._receiver, key, effect, done)
        return prompt if prompt.begin(begin) else None


class Prompt:
    """One of them, until its result is stored. `answer` is that result."""

    __slots__ = ("_abandon", "_done", "_receiver", "answer", "effect", "key")

    def __init__(self, receiver: Receiver, key: ExecutionKey, effect: Outgoing, done: Done) -> None:
        self._receiver = receiver
        self._done = done
        self._abandon: Callable[[], object] = forget
        self.key = key
        self.effect = effect
        self.answer: Activation | None = None

    def begin(self, begin: Begin) -> bool:
        try:
            abandon = begin(self.key, self.effect, self._answered)
        except Exception as error:  # whatever it is, it must not keep what comes after the commit
            log.warning("effect needs a task", execution=self.key.execution_id, exc_info=error)
            return False
        if abandon is not None and self.answer is None:
            self._abandon = abandon
        return abandon is not None

    def abandon(self) -> None:
        """Nobody waits for the result any more, if it isn't here yet."""
        self._abandon()

    def _answered(self, came_to: Activation | Exception) -> None:
        self.answer = unexpected(self.key, self.effect, came_to) if isinstance(came_to, Exception) else came_to
        self._abandon = forget  # which leads back here
        self._receiver.post(self.key, self.answer, self._taken)

    def _taken(self, outcome: Decision | Exception) -> None:
        self._done(self, outcome)


def unexpected(key: ExecutionKey, effect: Outgoing, error: Exception) -> TaskFailed:
    log.error("effect failed", execution=key.execution_id, kind=type(effect).__name__, exc_info=error)
    cause = phrase("task_not_carried", "The platform could not carry out the task; its log says why.")
    return TaskFailed(effect.event_id, "FnF.RuntimeError", cause)


def forget() -> None:
    """There is nothing to give up."""
