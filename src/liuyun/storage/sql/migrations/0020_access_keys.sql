-- Access keys of users; `document` holds the sealed secret.
CREATE TABLE access_keys (
    access_key_id TEXT NOT NULL PRIMARY KEY,
    user_name     TEXT NOT NULL,
    document      TEXT NOT NULL
);
CREATE INDEX access_keys_by_user ON access_keys (user_name);

-- When each key was last used, the root key too: written from time to time, never by the request that uses it.
CREATE TABLE access_key_uses (
    access_key_id TEXT NOT NULL PRIMARY KEY,
    used_at       INTEGER NOT NULL
);
