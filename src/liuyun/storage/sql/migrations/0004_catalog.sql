-- What developers deployed. Key columns are there to be searched; `document` is the whole of it as JSON.
CREATE TABLE services (
    account_id TEXT NOT NULL,
    name       TEXT NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (account_id, name)
);

CREATE TABLE functions (
    account_id TEXT NOT NULL,
    service    TEXT NOT NULL,
    name       TEXT NOT NULL,
    package    TEXT NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (account_id, service, name)
);

CREATE TABLE triggers (
    account_id TEXT NOT NULL,
    service    TEXT NOT NULL,
    function   TEXT NOT NULL,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    qualifier  TEXT NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (account_id, service, function, name)
);
CREATE INDEX triggers_by_kind ON triggers (account_id, service, function, kind, qualifier);

CREATE TABLE service_tags (
    account_id TEXT NOT NULL,
    service    TEXT NOT NULL,
    name       TEXT NOT NULL,
    value      TEXT NOT NULL,
    PRIMARY KEY (account_id, service, name)
);
