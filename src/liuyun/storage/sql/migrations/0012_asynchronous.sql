-- Asynchronous invocations that are accepted and not yet at their end. `claimed`: this process is carrying it out.
-- `document` is the call and how it is to be treated; `kept` is 1 if there is a task of this invocation.
CREATE TABLE async_invocations (
    number          INTEGER PRIMARY KEY,
    account_id      TEXT NOT NULL,
    service         TEXT NOT NULL,
    function        TEXT NOT NULL,
    invocation_id   TEXT NOT NULL,
    kept            INTEGER NOT NULL,
    claimed         INTEGER NOT NULL,
    due_at          BIGINT NOT NULL,
    enqueued_at     BIGINT NOT NULL,
    failures        INTEGER NOT NULL,
    throttles       INTEGER NOT NULL,
    throttled_since BIGINT,
    document        TEXT NOT NULL,
    payload         BYTEA NOT NULL
);
CREATE INDEX async_invocations_due ON async_invocations (account_id, service, function, due_at) WHERE claimed = 0;
CREATE INDEX async_invocations_claimed ON async_invocations (number) WHERE claimed = 1;
CREATE INDEX async_invocations_kept ON async_invocations (account_id, service, function, invocation_id) WHERE kept = 1;

-- Invocations that are kept: what became of them. `document` is the rest of it as JSON.
CREATE TABLE async_tasks (
    account_id TEXT NOT NULL,
    service    TEXT NOT NULL,
    function   TEXT NOT NULL,
    task_id    TEXT NOT NULL,
    qualifier  TEXT NOT NULL,
    status     TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    document   TEXT NOT NULL,
    returned   BYTEA NOT NULL,
    payload    BYTEA NOT NULL,
    PRIMARY KEY (account_id, service, function, task_id)
);
CREATE INDEX async_tasks_by_time ON async_tasks (account_id, service, function, started_at, task_id);
CREATE INDEX async_tasks_by_end ON async_tasks (ended_at) WHERE ended_at IS NOT NULL;

-- Accounts of ends on their way to a queue or a topic. `task_id` is empty unless the invocation is kept.
CREATE TABLE async_destinations (
    number     INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL,
    target     TEXT NOT NULL,
    service    TEXT NOT NULL,
    function   TEXT NOT NULL,
    task_id    TEXT NOT NULL,
    claimed    INTEGER NOT NULL,
    due_at     BIGINT NOT NULL,
    tries      INTEGER NOT NULL,
    body       TEXT NOT NULL
);
CREATE INDEX async_destinations_due ON async_destinations (account_id, target, due_at) WHERE claimed = 0;
CREATE INDEX async_destinations_claimed ON async_destinations (number) WHERE claimed = 1;
