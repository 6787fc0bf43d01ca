-- Custom domains. A host name leads to one account, so the name alone is the key.
CREATE TABLE domains (
    name       TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    document   TEXT NOT NULL
);
