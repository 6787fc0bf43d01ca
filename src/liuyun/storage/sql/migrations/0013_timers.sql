-- Timer triggers that are enabled, and when each is due next. `schedule` is what `next_at` was found by.
CREATE TABLE trigger_timers (
    account_id TEXT NOT NULL,
    service    TEXT NOT NULL,
    function   TEXT NOT NULL,
    name       TEXT NOT NULL,
    schedule   TEXT NOT NULL,
    next_at    BIGINT NOT NULL,
    PRIMARY KEY (account_id, service, function, name)
);
CREATE INDEX trigger_timers_by_time ON trigger_timers (next_at);
