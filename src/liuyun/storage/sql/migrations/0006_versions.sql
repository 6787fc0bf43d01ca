-- Versions: frozen copies of a service and its functions. `document` is the version, `service_document` the service.
CREATE TABLE versions (
    account_id       TEXT NOT NULL,
    service          TEXT NOT NULL,
    number           INTEGER NOT NULL,
    document         TEXT NOT NULL,
    service_document TEXT NOT NULL,
    PRIMARY KEY (account_id, service, number)
);

CREATE TABLE version_functions (
    account_id TEXT NOT NULL,
    service    TEXT NOT NULL,
    number     INTEGER NOT NULL,
    name       TEXT NOT NULL,
    package    TEXT NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (account_id, service, number, name)
);

-- The last number that a service gave out: a deleted version's is not used again.
CREATE TABLE version_numbers (
    account_id TEXT NOT NULL,
    service    TEXT NOT NULL,
    number     INTEGER NOT NULL,
    PRIMARY KEY (account_id, service)
);

CREATE TABLE aliases (
    account_id TEXT NOT NULL,
    service    TEXT NOT NULL,
    name       TEXT NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (account_id, service, name)
);
