-- What an installation knows of itself: its account, root access key and console password (sealed), its certificates.
CREATE TABLE facts (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
