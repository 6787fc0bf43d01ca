-- insert: an invocation that was accepted
INSERT INTO async_invocations
    (account_id, service, function, invocation_id, kept, claimed, due_at, enqueued_at,
     failures, throttles, throttled_since, document, payload)
VALUES
    (:account_id, :service, :function, :invocation_id, :kept, 0, :due_at, :enqueued_at,
     :failures, :throttles, :throttled_since, :document, :payload)

-- due: invocations of a function that nobody is carrying out and whose time has come
SELECT * FROM async_invocations
WHERE account_id = :account_id AND service = :service AND function = :function AND claimed = 0 AND due_at <= :now
ORDER BY due_at, number
LIMIT :limit

-- claim: somebody is carrying it out
UPDATE async_invocations SET claimed = 1 WHERE number = :number

-- next_due: when the next invocation of a function that nobody is carrying out is due
SELECT min(due_at) AS due_at FROM async_invocations
WHERE account_id = :account_id AND service = :service AND function = :function AND claimed = 0

-- retry: nobody is carrying it out until it is due again
UPDATE async_invocations
SET claimed = 0, due_at = :due_at, failures = :failures, throttles = :throttles, throttled_since = :throttled_since
WHERE number = :number

-- finish: it has come to its end
DELETE FROM async_invocations WHERE number = :number

-- of_task: the invocation of a task that has not ended
SELECT number, claimed FROM async_invocations
WHERE account_id = :account_id AND service = :service AND function = :function
  AND invocation_id = :task_id AND kept = 1

-- pending: functions with invocations to carry out, and how many
SELECT account_id, service, function, COUNT(*) AS n, min(due_at) AS due_at
FROM async_invocations GROUP BY account_id, service, function

-- unclaim: after a restart nobody is carrying out anything
UPDATE async_invocations SET claimed = 0 WHERE claimed = 1

-- hand_over: an account of an end that is on its way
INSERT INTO async_destinations (account_id, target, service, function, task_id, claimed, due_at, tries, body)
VALUES (:account_id, :target, :service, :function, :task_id, 0, :due_at, 0, :body)

-- due_to_hand_over: accounts for a target that nobody is delivering and whose time has come
SELECT * FROM async_destinations
WHERE account_id = :account_id AND target = :target AND claimed = 0 AND due_at <= :now
ORDER BY due_at, number
LIMIT :limit

-- claim_handing_over: somebody is delivering it
UPDATE async_destinations SET claimed = 1 WHERE number = :number

-- next_handing_over: when the next account for a target is due
SELECT min(due_at) AS due_at FROM async_destinations
WHERE account_id = :account_id AND target = :target AND claimed = 0

-- retry_handing_over: nobody is delivering it until it is due again
UPDATE async_destinations SET claimed = 0, due_at = :due_at, tries = :tries WHERE number = :number

-- handed_over: delivered, or given up
DELETE FROM async_destinations WHERE number = :number

-- targets: where accounts are to be delivered
SELECT account_id, target, min(due_at) AS due_at FROM async_destinations GROUP BY account_id, target

-- unclaim_handing_over: after a restart nobody is delivering anything
UPDATE async_destinations SET claimed = 0 WHERE claimed = 1
