-- Objects that are sent in parts, until they are whole. The content of a part is a file beside the database.
CREATE TABLE uploads (
    upload_id TEXT NOT NULL,
    bucket    TEXT NOT NULL,
    key       TEXT NOT NULL,
    document  TEXT NOT NULL,
    PRIMARY KEY (upload_id)
);
CREATE INDEX uploads_by_key ON uploads (bucket, key, upload_id);

CREATE TABLE upload_parts (
    upload_id TEXT NOT NULL,
    number    INTEGER NOT NULL,
    blob      TEXT NOT NULL,
    document  TEXT NOT NULL,
    PRIMARY KEY (upload_id, number)
);
CREATE INDEX upload_parts_by_blob ON upload_parts (blob);
