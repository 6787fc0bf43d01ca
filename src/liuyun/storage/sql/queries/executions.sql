-- insert: a new execution; changes nothing if the living flow is at another revision, or has an execution of that name
INSERT INTO executions (account_id, flow_id, execution_id, name, revision, status, input, output, error, cause,
                        callback_token, started_at, stopped_at)
SELECT account_id, flow_id, :execution_id, :name, revision, :status, :input, :output, :error, :cause,
       :callback_token, :started_at, :stopped_at
FROM flows
WHERE account_id = :account_id AND flow_id = :flow_id AND revision = :revision AND deleted_at IS NULL
ON CONFLICT DO NOTHING

-- finish: writes how an execution ended
UPDATE executions
SET status = :status, output = :output, error = :error, cause = :cause, stopped_at = :stopped_at
WHERE account_id = :account_id AND flow_id = :flow_id AND execution_id = :execution_id

-- find: an execution by its name in a living flow
SELECT e.*, f.name AS flow_name, r.definition, r.role_arn, r.environment
FROM flows f
JOIN executions e ON e.account_id = f.account_id AND e.flow_id = f.flow_id AND e.name = :name
JOIN flow_revisions r ON r.account_id = e.account_id AND r.flow_id = e.flow_id AND r.revision = e.revision
WHERE f.account_id = :account_id AND f.name = :flow AND f.deleted_at IS NULL

-- find_key: which execution has a name in a living flow
SELECT e.account_id, e.flow_id, e.execution_id
FROM flows f JOIN executions e ON e.account_id = f.account_id AND e.flow_id = f.flow_id AND e.name = :name
WHERE f.account_id = :account_id AND f.name = :flow AND f.deleted_at IS NULL

-- find_by_id: an execution whatever became of its flow
SELECT e.*, f.name AS flow_name, r.definition, r.role_arn, r.environment
FROM executions e
JOIN flows f ON f.account_id = e.account_id AND f.flow_id = e.flow_id
JOIN flow_revisions r ON r.account_id = e.account_id AND r.flow_id = e.flow_id AND r.revision = e.revision
WHERE e.account_id = :account_id AND e.flow_id = :flow_id AND e.execution_id = :execution_id

-- head: what advancing an execution needs beside its history
SELECT name, revision, callback_token FROM executions
WHERE account_id = :account_id AND flow_id = :flow_id AND execution_id = :execution_id

-- page: newest first
SELECT e.*, f.name AS flow_name, r.definition, r.role_arn, r.environment
FROM executions e
JOIN flows f ON f.account_id = e.account_id AND f.flow_id = e.flow_id
JOIN flow_revisions r ON r.account_id = e.account_id AND r.flow_id = e.flow_id AND r.revision = e.revision
WHERE e.account_id = :account_id AND e.flow_id = :flow_id
  AND e.execution_id < :before AND e.execution_id >= :from_id
  AND substr(e.name, 1, length(:name_prefix)) = :name_prefix
ORDER BY e.execution_id DESC
LIMIT :limit

-- page_of_status: the same among those of one status, which have an index of their own
SELECT e.*, f.name AS flow_name, r.definition, r.role_arn, r.environment
FROM executions e
JOIN flows f ON f.account_id = e.account_id AND f.flow_id = e.flow_id
JOIN flow_revisions r ON r.account_id = e.account_id AND r.flow_id = e.flow_id AND r.revision = e.revision
WHERE e.account_id = :account_id AND e.flow_id = :flow_id AND e.status = :status
  AND e.execution_id < :before AND e.execution_id >= :from_id
  AND substr(e.name, 1, length(:name_prefix)) = :name_prefix
ORDER BY e.execution_id DESC
LIMIT :limit

-- briefs: when executions ran, newest first
SELECT account_id, flow_id, execution_id, name, started_at, stopped_at
FROM executions
WHERE account_id = :account_id AND flow_id = :flow_id AND execution_id < :before
ORDER BY execution_id DESC
LIMIT :limit

-- count_running: of the living flows of an account
SELECT count(*) AS executions
FROM flows f JOIN executions e ON e.account_id = f.account_id AND e.flow_id = f.flow_id AND e.status = 'Running'
WHERE f.account_id = :account_id

-- orphans: running executions of deleted flows
SELECT e.account_id, e.flow_id, e.execution_id
FROM flows f
JOIN executions e ON e.account_id = f.account_id AND e.flow_id = f.flow_id AND e.status = 'Running'
WHERE f.deleted_at IS NOT NULL
ORDER BY e.account_id, e.flow_id, e.execution_id
LIMIT :limit

-- ended_orphans: ended executions of deleted flows
SELECT e.account_id, e.flow_id, e.execution_id
FROM flows f
JOIN executions e ON e.account_id = f.account_id AND e.flow_id = f.flow_id AND e.status <> 'Running'
WHERE f.deleted_at IS NOT NULL
LIMIT :limit

-- remove_history: all events of an execution
DELETE FROM history WHERE account_id = :account_id AND execution_id = :execution_id

-- remove: an execution
DELETE FROM executions WHERE account_id = :account_id AND flow_id = :flow_id AND execution_id = :execution_id

-- append: the events of one commit; changes nothing if another writer was faster
INSERT INTO history (account_id, execution_id, first_event_id, last_event_id, events)
VALUES (:account_id, :execution_id, :first_event_id, :last_event_id, :events)
ON CONFLICT (account_id, execution_id, first_event_id) DO NOTHING

-- history: the commits that hold events after one
SELECT events FROM history
WHERE account_id = :account_id AND execution_id = :execution_id AND last_event_id > :after
ORDER BY first_event_id
LIMIT :limit

-- insert_effect: an effect to be carried out after the commit
INSERT INTO effects (account_id, flow_id, execution_id, event_id, effect)
VALUES (:account_id, :flow_id, :execution_id, :event_id, :effect)

-- replace_effect: an effect that was answered makes room for the one that follows from it
UPDATE effects SET event_id = :event_id, effect = :effect
WHERE account_id = :account_id AND flow_id = :flow_id AND execution_id = :execution_id AND event_id = :answered

-- delete_effect: an effect that was answered, or that nobody waits for any more
DELETE FROM effects
WHERE account_id = :account_id AND flow_id = :flow_id AND execution_id = :execution_id AND event_id = :event_id

-- delete_effects: all effects of an execution that has ended
DELETE FROM effects WHERE account_id = :account_id AND flow_id = :flow_id AND execution_id = :execution_id

-- flows_with_effects: where something is unfinished
SELECT DISTINCT account_id, flow_id FROM effects

-- effects: the unfinished effects of a flow, those of its oldest executions first
SELECT * FROM effects
WHERE account_id = :account_id AND flow_id = :flow_id
ORDER BY execution_id, event_id
LIMIT :limit

-- insert_timer: an alarm
INSERT INTO timers (account_id, execution_id, event_id, flow_id, due_at)
VALUES (:account_id, :execution_id, :event_id, :flow_id, :due_at)

-- delete_timer: an alarm that rang
DELETE FROM timers WHERE account_id = :account_id AND execution_id = :execution_id AND event_id = :event_id

-- delete_timers: all alarms of an execution that has ended
DELETE FROM timers WHERE account_id = :account_id AND execution_id = :execution_id

-- timers: the next alarms
SELECT * FROM timers ORDER BY due_at LIMIT :limit

-- postpone_timer: an alarm that could not be rung
UPDATE timers SET due_at = :due_at
WHERE account_id = :account_id AND execution_id = :execution_id AND event_id = :event_id
