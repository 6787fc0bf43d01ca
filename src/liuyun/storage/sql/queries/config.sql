-- schemas: all schemas as they are
SELECT document FROM config_schemas ORDER BY name

-- put_schema: a new schema, or its next revision; changes nothing if another revision is there
INSERT INTO config_schemas (name, revision, document)
VALUES (:name, :revision, :document)
ON CONFLICT (name) DO UPDATE SET revision = excluded.revision, document = excluded.document
WHERE config_schemas.revision = excluded.revision - 1

-- keep_schema: a revision of a schema, for its history
INSERT INTO config_schema_revisions (name, revision, document) VALUES (:name, :revision, :document)

-- schema_history: the revisions of a schema, the newest first
SELECT document FROM config_schema_revisions WHERE name = :name ORDER BY revision DESC LIMIT :limit

-- delete_schema: the schema itself
DELETE FROM config_schemas WHERE name = :name

-- delete_schema_revisions: its history
DELETE FROM config_schema_revisions WHERE name = :name

-- delete_entries: what is left of a schema's entries
DELETE FROM config_entries WHERE schema = :name

-- delete_revisions: and of their history
DELETE FROM config_revisions WHERE schema = :name

-- entries: all entries as they are
SELECT document FROM config_entries ORDER BY schema, key, scope

-- insert_entry: an entry where there was none; changes nothing if there is one
INSERT INTO config_entries (schema, key, scope, newest, document)
VALUES (:schema, :key, :scope, :newest, :document)
ON CONFLICT (schema, key, scope) DO NOTHING

-- update_entry: its next state; changes nothing if another change came first
UPDATE config_entries SET newest = :newest, document = :document
WHERE schema = :schema AND key = :key AND scope = :scope AND newest = :before

-- keep_revision: a revision of an entry, for its history
INSERT INTO config_revisions (schema, key, scope, number, document)
VALUES (:schema, :key, :scope, :number, :document)

-- history: the revisions of an entry before a number, the newest first
SELECT document FROM config_revisions
WHERE schema = :schema AND key = :key AND scope = :scope AND number < :before
ORDER BY number DESC
LIMIT :limit

-- revision: one revision of an entry
SELECT document FROM config_revisions
WHERE schema = :schema AND key = :key AND scope = :scope AND number = :number

-- insert_draft: a new draft
INSERT INTO config_drafts (draft_id, state, at, document) VALUES (:draft_id, :state, :at, :document)

-- update_draft: its next state; changes nothing if it has left the state it was read in
UPDATE config_drafts SET state = :state, document = :document WHERE draft_id = :draft_id AND state = :before

-- draft: one draft
SELECT document FROM config_drafts WHERE draft_id = :draft_id

-- drafts: drafts in a state, or in any ('%'), the newest first
SELECT document FROM config_drafts WHERE state LIKE :state ORDER BY at DESC, draft_id LIMIT :limit

-- add_change: what watchers are told
INSERT INTO config_changes (sequence, document) VALUES (:sequence, :document)

-- drop_changes: those that are too old to be told
DELETE FROM config_changes WHERE sequence <= :sequence

-- changes: all that are kept, in order
SELECT document FROM config_changes ORDER BY sequence
