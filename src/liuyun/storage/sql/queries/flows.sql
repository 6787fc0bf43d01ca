-- insert: a new flow; changes nothing if the name is taken
INSERT INTO flows (account_id, flow_id, name, mode, description, revision, storage, group_id, created_at, updated_at)
VALUES (:account_id, :flow_id, :name, :mode, :description, 1, :storage, :group_id, :created_at, :created_at)
ON CONFLICT (account_id, name) WHERE deleted_at IS NULL DO NOTHING

-- insert_revision: what executions that start from now on keep
INSERT INTO flow_revisions (account_id, flow_id, revision, definition, role_arn, environment)
VALUES (:account_id, :flow_id, :revision, :definition, :role_arn, :environment)

-- update: moves a flow to its next revision
UPDATE flows SET description = :description, revision = revision + 1, updated_at = :updated_at
WHERE account_id = :account_id AND flow_id = :flow_id AND revision = :revision AND deleted_at IS NULL

-- find: a living flow by name
SELECT f.*, r.definition, r.role_arn, r.environment
FROM flows f JOIN flow_revisions r USING (account_id, flow_id, revision)
WHERE f.account_id = :account_id AND f.name = :name AND f.deleted_at IS NULL

-- find_revision: the flow as it was at one revision, deleted or not
SELECT f.account_id, f.flow_id, f.name, f.mode, f.description, f.storage, f.group_id, f.created_at, f.updated_at,
       f.deleted_at, r.revision, r.definition, r.role_arn, r.environment
FROM flow_revisions r JOIN flows f USING (account_id, flow_id)
WHERE r.account_id = :account_id AND r.flow_id = :flow_id AND r.revision = :revision

-- page: living flows by name
SELECT f.*, r.definition, r.role_arn, r.environment
FROM flows f JOIN flow_revisions r USING (account_id, flow_id, revision)
WHERE f.account_id = :account_id AND f.name > :after AND f.deleted_at IS NULL
ORDER BY f.name
LIMIT :limit

-- delete: frees the name; the row stays until its executions are removed
UPDATE flows SET deleted_at = :deleted_at WHERE account_id = :account_id AND name = :name AND deleted_at IS NULL

-- current_revision: which revision a living flow is at
SELECT revision FROM flows WHERE account_id = :account_id AND flow_id = :flow_id AND deleted_at IS NULL

-- deleted_and_empty: deleted flows whose executions have been removed
SELECT f.account_id, f.flow_id FROM flows f
WHERE f.deleted_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM executions e WHERE e.account_id = f.account_id AND e.flow_id = f.flow_id)

-- remove_revisions: what executions kept of a flow
DELETE FROM flow_revisions WHERE account_id = :account_id AND flow_id = :flow_id

-- remove: a deleted flow
DELETE FROM flows WHERE account_id = :account_id AND flow_id = :flow_id
