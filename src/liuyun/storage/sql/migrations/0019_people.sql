-- People who sign in to the console, their sessions, and what anybody changed.
CREATE TABLE users (
    name     TEXT NOT NULL PRIMARY KEY,
    document TEXT NOT NULL
);

-- `token` is the hash of what the browser holds.
CREATE TABLE sessions (
    token      TEXT NOT NULL PRIMARY KEY,
    user_name  TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    document   TEXT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_name);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE audit (
    sequence INTEGER NOT NULL PRIMARY KEY,
    at       INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (at);
