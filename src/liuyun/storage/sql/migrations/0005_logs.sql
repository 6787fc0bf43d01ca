-- Lines of functions' logs, many to a row: a busy function costs a row per flush, not one per line.
-- `lines` is a JSON array; the ids of its lines are consecutive and end with `last_line`. Ids grow with time: the id of
-- a line is at least 1000 times the instant (ms) of its flush, so a bound in time is a bound in ids too.
CREATE TABLE log_chunks (
    account_id TEXT NOT NULL,
    service    TEXT NOT NULL,
    function   TEXT NOT NULL,
    last_line  BIGINT NOT NULL,
    lines      TEXT NOT NULL,
    PRIMARY KEY (account_id, service, function, last_line)
);
CREATE INDEX log_chunks_by_age ON log_chunks (last_line);
