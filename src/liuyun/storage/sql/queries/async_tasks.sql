-- insert: a new task; changes nothing if its id is taken
INSERT INTO async_tasks
    (account_id, service, function, task_id, qualifier, status, started_at, ended_at, document, returned, payload)
VALUES
    (:account_id, :service, :function, :task_id, :qualifier, :status, :started_at, :ended_at, :document, :returned,
     :payload)
ON CONFLICT (account_id, service, function, task_id) DO NOTHING

-- update: where a task stands
UPDATE async_tasks SET status = :status, ended_at = :ended_at, document = :document, returned = :returned
WHERE account_id = :account_id AND service = :service AND function = :function AND task_id = :task_id

-- find: one task
SELECT * FROM async_tasks
WHERE account_id = :account_id AND service = :service AND function = :function AND task_id = :task_id

-- oldest: tasks of a function by time, the oldest first
SELECT * FROM async_tasks
WHERE account_id = :account_id AND service = :service AND function = :function
  AND started_at >= :started_from AND started_at <= :started_until
  AND (started_at, task_id) > (:after_time, :after_id)
  AND (:status = '' OR status = :status) AND (:qualifier = '' OR qualifier = :qualifier)
  AND substr(task_id, 1, :prefix_length) = :prefix
ORDER BY started_at, task_id
LIMIT :limit

-- newest: tasks of a function by time, the newest first
SELECT * FROM async_tasks
WHERE account_id = :account_id AND service = :service AND function = :function
  AND started_at >= :started_from AND started_at <= :started_until
  AND (started_at, task_id) < (:after_time, :after_id)
  AND (:status = '' OR status = :status) AND (:qualifier = '' OR qualifier = :qualifier)
  AND substr(task_id, 1, :prefix_length) = :prefix
ORDER BY started_at DESC, task_id DESC
LIMIT :limit

-- functions: the functions of an account that have tasks, behind one of them
SELECT DISTINCT service, function, qualifier FROM async_tasks
WHERE account_id = :account_id AND (service, function, qualifier) > (:service, :function, :qualifier)
ORDER BY service, function, qualifier
LIMIT :limit

-- forget: one batch of tasks that ended long ago
DELETE FROM async_tasks
WHERE (account_id, service, function, task_id) IN (
    SELECT account_id, service, function, task_id FROM async_tasks
    WHERE ended_at IS NOT NULL AND ended_at < :before ORDER BY ended_at LIMIT :limit
)
