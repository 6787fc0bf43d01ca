-- Configuration as data. Key columns are there to be searched; `document` is the whole of it as JSON.
CREATE TABLE config_schemas (
    name     TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL
);

CREATE TABLE config_schema_revisions (
    name     TEXT NOT NULL,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (name, revision)
);

CREATE TABLE config_entries (
    schema   TEXT NOT NULL,
    key      TEXT NOT NULL,
    scope    TEXT NOT NULL,
    newest   INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (schema, key, scope)
);

CREATE TABLE config_revisions (
    schema   TEXT NOT NULL,
    key      TEXT NOT NULL,
    scope    TEXT NOT NULL,
    number   INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (schema, key, scope, number)
);

CREATE TABLE config_drafts (
    draft_id TEXT NOT NULL PRIMARY KEY,
    state    TEXT NOT NULL,
    at       INTEGER NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX config_drafts_by_state ON config_drafts (state, at);

-- What watchers are told, newest last; the oldest go.
CREATE TABLE config_changes (
    sequence INTEGER NOT NULL PRIMARY KEY,
    document TEXT NOT NULL
);
