-- insert: a new queue; changes nothing if the name is taken
INSERT INTO queues (
    queue_id, account_id, name, delay_s, max_message_bytes, retention_s, visibility_timeout_s, polling_wait_s,
    logging_enabled, created_at, updated_at
) VALUES (
    :queue_id, :account_id, :name, :delay_s, :max_message_bytes, :retention_s, :visibility_timeout_s, :polling_wait_s,
    :logging_enabled, :created_at, :created_at
)
ON CONFLICT (account_id, name) DO NOTHING

-- find: a queue by name
SELECT * FROM queues WHERE account_id = :account_id AND name = :name

-- update: new attributes
UPDATE queues
SET delay_s = :delay_s, max_message_bytes = :max_message_bytes, retention_s = :retention_s,
    visibility_timeout_s = :visibility_timeout_s, polling_wait_s = :polling_wait_s,
    logging_enabled = :logging_enabled, updated_at = :updated_at
WHERE queue_id = :queue_id

-- page: queues of an account by name, from `first` on, below `end`, after `after`
SELECT * FROM queues
WHERE account_id = :account_id AND name >= :first AND name < :end AND name > :after
ORDER BY name
LIMIT :limit

-- count: the messages of a queue by what can be done with them
SELECT
    (SELECT count(*) FROM messages WHERE queue_id = :queue_id AND ready = 1) AS ready,
    (SELECT count(*) FROM messages WHERE queue_id = :queue_id AND ready = 0 AND visible_at <= :now) AS due,
    (SELECT count(*) FROM messages
     WHERE queue_id = :queue_id AND ready = 0 AND visible_at > :now AND received_count > 0) AS held,
    (SELECT count(*) FROM messages
     WHERE queue_id = :queue_id AND ready = 0 AND visible_at > :now AND received_count = 0) AS delayed,
    (SELECT min(visible_at) FROM messages WHERE queue_id = :queue_id AND ready = 0 AND visible_at > :now) AS next_at

-- delete: a queue by name
DELETE FROM queues WHERE account_id = :account_id AND name = :name RETURNING queue_id

-- insert_deleted: remembers that the messages of a queue are to be cleared away
INSERT INTO deleted_queues (queue_id) VALUES (:queue_id)

-- deleted: a queue with messages to clear away
SELECT queue_id FROM deleted_queues LIMIT 1

-- clear: deletes some messages of a queue in one of the two states
DELETE FROM messages WHERE sequence IN (
    SELECT sequence FROM messages WHERE queue_id = :queue_id AND ready = 1 LIMIT :limit
)

-- clear_waiting: deletes some messages of a queue in the other state
DELETE FROM messages WHERE sequence IN (
    SELECT sequence FROM messages WHERE queue_id = :queue_id AND ready = 0 LIMIT :limit
)

-- oldest: when the message was sent that has been ready for somebody the longest
SELECT enqueued_at FROM messages
WHERE sequence = (SELECT min(sequence) FROM messages WHERE queue_id = :queue_id AND ready = 1)

-- forget_deleted: nothing is left of a deleted queue
DELETE FROM deleted_queues WHERE queue_id = :queue_id

-- send_delayed: stores a message, and says which it is
INSERT INTO messages (
    queue_id, message_id, ready, priority, visible_at, received_count, receipt, enqueued_at, expires_at, body_md5,
    properties, body
) VALUES (
    :queue_id, :message_id, :ready, :priority, :visible_at, 0, :receipt, :enqueued_at, :expires_at, :body_md5,
    :properties, :body
)
RETURNING sequence

-- send: stores a message of which nobody asks the sequence
INSERT INTO messages (
    queue_id, message_id, ready, priority, visible_at, received_count, receipt, enqueued_at, expires_at, body_md5,
    properties, body
) VALUES (
    :queue_id, :message_id, :ready, :priority, :visible_at, 0, :receipt, :enqueued_at, :expires_at, :body_md5,
    :properties, :body
)

-- promote: makes messages ready whose time has come, the longest due first
UPDATE messages SET ready = 1 WHERE sequence IN (
    SELECT sequence FROM messages WHERE queue_id = :queue_id AND ready = 0 AND visible_at <= :now
    ORDER BY visible_at LIMIT :limit
)

-- receive: hands out ready messages, the highest priority first and first in first out within it
UPDATE messages
SET ready = 0, visible_at = :visible_at, receipt = :receipt, received_count = received_count + 1,
    first_received_at = COALESCE(first_received_at, :now)
WHERE sequence IN (
    SELECT sequence FROM messages WHERE queue_id = :queue_id AND ready = 1 AND expires_at > :now
    ORDER BY priority, sequence LIMIT :limit
)
RETURNING *

-- next_visible: when the next waiting message of a queue is due
SELECT min(visible_at) AS visible_at FROM messages WHERE queue_id = :queue_id AND ready = 0

-- peek: what a receive would hand out
SELECT * FROM messages WHERE queue_id = :queue_id AND ready = 1 AND expires_at > :now
ORDER BY priority, sequence LIMIT :limit

-- unreceive: undoes a receive that nobody took note of, as if it had not been
UPDATE messages
SET ready = 1, visible_at = :now, receipt = '', received_count = received_count - 1,
    first_received_at = CASE WHEN received_count > 1 THEN first_received_at END
WHERE sequence = :sequence AND receipt = :receipt AND ready = 0

-- delete_message: by a handle that is still good
DELETE FROM messages
WHERE sequence = :sequence AND queue_id = :queue_id AND receipt = :receipt AND ready = 0 AND visible_at > :now
    AND expires_at > :now

-- change_visibility: by a handle that is still good, which is replaced
UPDATE messages SET visible_at = :visible_at, receipt = :new_receipt
WHERE sequence = :sequence AND queue_id = :queue_id AND receipt = :receipt AND ready = 0 AND visible_at > :now
    AND expires_at > :now

-- expire: deletes some messages that are past their retention
DELETE FROM messages WHERE sequence IN (
    SELECT sequence FROM messages WHERE expires_at <= :now ORDER BY expires_at LIMIT :limit
)

-- next_expiry: when the next message is past its retention
SELECT min(expires_at) AS expires_at FROM messages

-- account: what an account has set
SELECT logging_bucket FROM message_accounts WHERE account_id = :account_id

-- set_account: replaces what an account has set
INSERT INTO message_accounts (account_id, logging_bucket) VALUES (:account_id, :logging_bucket)
ON CONFLICT (account_id) DO UPDATE SET logging_bucket = excluded.logging_bucket
