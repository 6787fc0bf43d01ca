"""History events: what the vendor's GetExecutionHistory shows, and all that a run is made of.

A run is the fold of its events (`evolve`), so an event holds every fact that a run needs later. The API shows `id`,
`follows`, `step`, `type`, `time` and `detail`; the rest (`path`, `due`, `retry`) is ours, stored with them.

`detail` by type (facts: contract of the API, section 4; those marked + are not documented by the vendor and are ours):

    ExecutionStarted     {input}                       StepEntered      {input, local}  of the enclosing scope
    ExecutionSucceeded   {output}                      StepStarted      {input}         after the input mappings
    ExecutionFailed    + {error, cause}                StepSucceeded    {output}
    ExecutionStopped   + {error, cause}                StepFailed     + {error, cause}
    ExecutionTimedOut  + {error, cause}                StepExited       {local}         of the enclosing scope, merged
    TaskScheduled      + {resourceArn, pattern, attempt[, timeoutSeconds][, input]}
    TaskStarted        + {}
    TaskSubmitted      + {} or {output}: what the called service answered (a MessageId, say)
    TaskSucceeded      + {output}
    TaskFailed, TaskSubmitFailed, TaskTimedOut
                       + {error, cause[, retryAfterSeconds, retryCount]}
    BranchEntered      + {input}                       BranchExited   + {local}
    IterationEntered   + {input}                       IterationExited + {local}

`input` stands in TaskScheduled only where a retried attempt's input differs from the step's: it holds a new token.
"""

from enum import StrEnum

import msgspec

from liuyun.workflow.documents import JsonObject


class EventType(StrEnum):
    EXECUTION_STARTED = "ExecutionStarted"
    EXECUTION_SUCCEEDED = "ExecutionSucceeded"
    EXECUTION_FAILED = "ExecutionFailed"
    EXECUTION_STOPPED = "ExecutionStopped"
    EXECUTION_TIMED_OUT = "ExecutionTimedOut"
    STEP_ENTERED = "StepEntered"
    STEP_STARTED = "StepStarted"
    STEP_SUCCEEDED = "StepSucceeded"
    STEP_FAILED = "StepFailed"
    STEP_EXITED = "StepExited"
    TASK_SCHEDULED = "TaskScheduled"
    TASK_STARTED = "TaskStarted"
    TASK_SUBMITTED = "TaskSubmitted"
    TASK_SUBMIT_FAILED = "TaskSubmitFailed"
    TASK_SUCCEEDED = "TaskSucceeded"
    TASK_FAILED = "TaskFailed"
    TASK_TIMED_OUT = "TaskTimedOut"
    BRANCH_ENTERED = "BranchEntered"
    BRANCH_EXITED = "BranchExited"
    ITERATION_ENTERED = "IterationEntered"
    ITERATION_EXITED = "IterationExited"


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    id: int  # EventId: 1, 2, 3 … within the execution
    follows: int  # ScheduleEventId: the event that this one follows from; 0 for the first
    type: EventType
    time: int  # epoch milliseconds, never less than the event before
    detail: JsonObject
    step: str = ""  # StepName; "" for events of the execution
    path: str = ""  # the step (or branch, or iteration) in the run's tree; "" for events of the execution
    due: int | None = None  # when the timer that this event starts is to fire; epoch milliseconds
    retry: int | None = None  # on a failed attempt: the index of the retry entry that grants another one
