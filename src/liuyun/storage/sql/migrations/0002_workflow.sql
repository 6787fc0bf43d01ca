-- Flows. A deleted one keeps its row until its executions are removed; its name is free again at once.
CREATE TABLE flows (
    account_id  TEXT NOT NULL,
    flow_id     TEXT NOT NULL,
    name        TEXT NOT NULL,
    mode        TEXT NOT NULL,
    description TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    storage     TEXT NOT NULL,
    group_id    TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    deleted_at  BIGINT,
    PRIMARY KEY (account_id, flow_id)
);
CREATE UNIQUE INDEX flows_by_name ON flows (account_id, name) WHERE deleted_at IS NULL;
CREATE INDEX flows_deleted ON flows (account_id, flow_id) WHERE deleted_at IS NOT NULL;

-- What an execution keeps of the flow that it began with: one row per update of the flow, not one per execution.
CREATE TABLE flow_revisions (
    account_id  TEXT NOT NULL,
    flow_id     TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    definition  TEXT NOT NULL,
    role_arn    TEXT NOT NULL,
    environment TEXT NOT NULL,
    PRIMARY KEY (account_id, flow_id, revision)
);

-- Execution ids sort by start, so that new rows go to the end of every index but the one by name.
CREATE TABLE executions (
    account_id     TEXT NOT NULL,
    flow_id        TEXT NOT NULL,
    execution_id   TEXT NOT NULL,
    name           TEXT NOT NULL,
    revision       INTEGER NOT NULL,
    status         TEXT NOT NULL,
    input          TEXT NOT NULL,
    output         TEXT NOT NULL,
    error          TEXT NOT NULL,
    cause          TEXT NOT NULL,
    callback_token TEXT NOT NULL,
    started_at     BIGINT NOT NULL,
    stopped_at     BIGINT,
    PRIMARY KEY (account_id, flow_id, execution_id)
);
CREATE UNIQUE INDEX executions_by_name ON executions (account_id, flow_id, name);
CREATE INDEX executions_by_status ON executions (account_id, flow_id, status, execution_id);

-- One row per commit of an execution: the JSON array of the events that it appended. A writer that worked from a stale
-- run collides on the key, which is the optimistic lock of the engine.
CREATE TABLE history (
    account_id     TEXT NOT NULL,
    execution_id   TEXT NOT NULL,
    first_event_id INTEGER NOT NULL,
    last_event_id  INTEGER NOT NULL,
    events         TEXT NOT NULL,
    PRIMARY KEY (account_id, execution_id, first_event_id)
);

-- The outbox: what executions want done in the world and has not been answered yet. The event is the one that asked.
CREATE TABLE effects (
    account_id   TEXT NOT NULL,
    flow_id      TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    event_id     INTEGER NOT NULL,
    effect       TEXT NOT NULL,
    PRIMARY KEY (account_id, flow_id, execution_id, event_id)
);

CREATE TABLE timers (
    account_id   TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    event_id     INTEGER NOT NULL,
    flow_id      TEXT NOT NULL,
    due_at       BIGINT NOT NULL,
    PRIMARY KEY (account_id, execution_id, event_id)
);
CREATE INDEX timers_by_due ON timers (due_at);
