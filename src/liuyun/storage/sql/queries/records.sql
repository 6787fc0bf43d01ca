-- insert: some records of one function
INSERT INTO invocation_chunks (account_id, service, function, last_id, records)
VALUES (:account_id, :service, :function, :last_id, :records)

-- newest: the newest chunks of a function that end before one record, newest first
SELECT last_id, records FROM invocation_chunks
WHERE account_id = :account_id AND service = :service AND function = :function AND last_id < :before
ORDER BY last_id DESC
LIMIT :limit

-- last: the highest id of all records
SELECT MAX(last_id) AS last_id FROM invocation_chunks

-- delete_old: one batch of chunks that end before one record
DELETE FROM invocation_chunks
WHERE (account_id, service, function, last_id) IN (
    SELECT account_id, service, function, last_id FROM invocation_chunks
    WHERE last_id < :before ORDER BY last_id LIMIT :limit
)

-- trim: of a function only so many chunks are kept
DELETE FROM invocation_chunks
WHERE account_id = :account_id AND service = :service AND function = :function AND last_id <= (
    SELECT last_id FROM invocation_chunks
    WHERE account_id = :account_id AND service = :service AND function = :function
    ORDER BY last_id DESC LIMIT 1 OFFSET :kept
)
