-- Buckets and objects. The content of an object is a file beside the database, which `blob` names.
CREATE TABLE buckets (
    name       TEXT NOT NULL,
    account_id TEXT NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (name)
);
CREATE INDEX buckets_by_account ON buckets (account_id, name);

CREATE TABLE objects (
    bucket   TEXT NOT NULL,
    key      TEXT NOT NULL,
    blob     TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (bucket, key)
);
CREATE INDEX objects_by_blob ON objects (blob);
