-- Layers. `number` is the last one that was given out; a deleted version's is not used again.
CREATE TABLE layers (
    account_id TEXT NOT NULL,
    name       TEXT NOT NULL,
    number     INTEGER NOT NULL,
    public     BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, name)
);

CREATE TABLE layer_versions (
    account_id TEXT NOT NULL,
    name       TEXT NOT NULL,
    number     INTEGER NOT NULL,
    package    TEXT NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (account_id, name, number)
);

-- The folder that holds a function's layers merged into one; empty without layers.
ALTER TABLE functions ADD COLUMN layers TEXT NOT NULL DEFAULT '';
ALTER TABLE version_functions ADD COLUMN layers TEXT NOT NULL DEFAULT '';
