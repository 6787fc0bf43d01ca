-- Records of invocations, many to a row, as with logs. `records` is a JSON array; ids of records grow with time: an id is
-- at least 1000 times the instant (ms) at which its row was written.
CREATE TABLE invocation_chunks (
    account_id TEXT NOT NULL,
    service    TEXT NOT NULL,
    function   TEXT NOT NULL,
    last_id    BIGINT NOT NULL,
    records    TEXT NOT NULL,
    PRIMARY KEY (account_id, service, function, last_id)
);
CREATE INDEX invocation_chunks_by_age ON invocation_chunks (last_id);
