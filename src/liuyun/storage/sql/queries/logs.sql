-- insert: one chunk of a function's log
INSERT INTO log_chunks (account_id, service, function, last_line, lines)
VALUES (:account_id, :service, :function, :last_line, :lines)

-- after: chunks that hold lines after one line, oldest first
SELECT last_line, lines FROM log_chunks
WHERE account_id = :account_id AND service = :service AND function = :function AND last_line > :after
ORDER BY last_line
LIMIT :limit

-- newest: the newest chunks that end before one line, newest first
SELECT last_line, lines FROM log_chunks
WHERE account_id = :account_id AND service = :service AND function = :function AND last_line < :before
ORDER BY last_line DESC
LIMIT :limit

-- newest_of_all: the same of all functions of an account
SELECT account_id, service, function, last_line, lines FROM log_chunks
WHERE account_id = :account_id AND last_line < :before
ORDER BY last_line DESC
LIMIT :limit

-- last: the highest id of all lines
SELECT MAX(last_line) AS last_line FROM log_chunks

-- delete_old: one batch of chunks that end before one line
DELETE FROM log_chunks
WHERE (account_id, service, function, last_line) IN (
    SELECT account_id, service, function, last_line FROM log_chunks
    WHERE last_line < :before ORDER BY last_line LIMIT :limit
)
