-- insert: a new topic; changes nothing if the name is taken
INSERT INTO topics (topic_id, account_id, name, max_message_bytes, logging_enabled, created_at, updated_at)
VALUES (:topic_id, :account_id, :name, :max_message_bytes, :logging_enabled, :created_at, :created_at)
ON CONFLICT (account_id, name) DO NOTHING

-- find: a topic by name
SELECT * FROM topics WHERE account_id = :account_id AND name = :name

-- update: new attributes
UPDATE topics
SET max_message_bytes = :max_message_bytes, logging_enabled = :logging_enabled, updated_at = :updated_at
WHERE topic_id = :topic_id

-- page: topics of an account by name, from `first` on, below `end`, after `after`
SELECT * FROM topics
WHERE account_id = :account_id AND name >= :first AND name < :end AND name > :after
ORDER BY name
LIMIT :limit

-- count: publications of a topic that somebody has yet to get
SELECT count(*) AS publications FROM publications WHERE topic_id = :topic_id

-- delete: a topic by name
DELETE FROM topics WHERE account_id = :account_id AND name = :name RETURNING topic_id

-- insert_subscription: changes nothing if the name is taken
INSERT INTO subscriptions (
    subscription_id, account_id, topic_id, topic, name, endpoint, filter_tag, strategy, format, created_at, updated_at
) VALUES (
    :subscription_id, :account_id, :topic_id, :topic, :name, :endpoint, :filter_tag, :strategy, :format, :created_at,
    :created_at
)
ON CONFLICT (topic_id, name) DO NOTHING

-- find_subscription: of a topic, by name
SELECT * FROM subscriptions WHERE topic_id = :topic_id AND name = :name

-- subscription: by its id
SELECT * FROM subscriptions WHERE subscription_id = :subscription_id

-- update_subscription: another retry strategy
UPDATE subscriptions SET strategy = :strategy, updated_at = :updated_at WHERE subscription_id = :subscription_id

-- page_subscriptions: of a topic by name, from `first` on, below `end`, after `after`
SELECT * FROM subscriptions
WHERE topic_id = :topic_id AND name >= :first AND name < :end AND name > :after
ORDER BY name
LIMIT :limit

-- unsubscribe: one subscription of a topic
DELETE FROM subscriptions WHERE topic_id = :topic_id AND name = :name RETURNING subscription_id

-- unsubscribe_all: every subscription of a topic
DELETE FROM subscriptions WHERE topic_id = :topic_id RETURNING subscription_id

-- address: a delivery to each subscription whose filter lets the publication through
INSERT INTO deliveries (subscription_id, message_id, claimed, due_at, failures, throttles)
SELECT subscription_id, :message_id, 0, :due_at, 0, 0
FROM subscriptions
WHERE topic_id = :topic_id AND (filter_tag = '' OR filter_tag = :tag)
RETURNING subscription_id

-- publish: the publication itself
INSERT INTO publications (message_id, topic_id, published_at, body_md5, tag, attributes, body)
VALUES (:message_id, :topic_id, :published_at, :body_md5, :tag, :attributes, :body)

-- due: deliveries of a subscription that nobody is working on and whose time has come, with what is delivered
SELECT d.delivery_id, d.failures, d.throttles, p.*
FROM deliveries d JOIN publications p ON p.message_id = d.message_id
WHERE d.subscription_id = :subscription_id AND d.claimed = 0 AND d.due_at <= :now
ORDER BY d.due_at, d.delivery_id
LIMIT :limit

-- waiting: deliveries of a subscription that nobody is working on, the next one first, with what is delivered
SELECT d.delivery_id, d.failures, d.throttles, d.due_at, d.reason, d.phrase, d.tried_at, p.*
FROM deliveries d JOIN publications p ON p.message_id = d.message_id
WHERE d.subscription_id = :subscription_id AND d.claimed = 0
ORDER BY d.due_at, d.delivery_id
LIMIT :limit

-- count_waiting: how many there are
SELECT count(*) AS deliveries FROM deliveries WHERE subscription_id = :subscription_id AND claimed = 0

-- count_waiting_of: the same for each subscription of a topic that has some
SELECT s.name, count(*) AS deliveries
FROM subscriptions s JOIN deliveries d ON d.subscription_id = s.subscription_id
WHERE s.topic_id = :topic_id AND d.claimed = 0
GROUP BY s.name

-- hasten: some deliveries that were put off, and not tried since, are due now; any of them, or that of one message
UPDATE deliveries SET due_at = :now
WHERE delivery_id IN (
    SELECT delivery_id FROM deliveries
    WHERE subscription_id = :subscription_id AND claimed = 0 AND due_at > :now
        AND (tried_at IS NULL OR tried_at <= :now) AND (:message_id = '' OR message_id = :message_id)
    LIMIT :limit
)

-- give_up: some deliveries that were tried and that nobody is working on; any of them, or that of one message
DELETE FROM deliveries
WHERE delivery_id IN (
    SELECT delivery_id FROM deliveries
    WHERE subscription_id = :subscription_id AND claimed = 0 AND failures + throttles > 0
        AND (:message_id = '' OR message_id = :message_id)
    LIMIT :limit
)
RETURNING message_id

-- claim: somebody is working on it
UPDATE deliveries SET claimed = 1 WHERE delivery_id = :delivery_id

-- next_due: when the next delivery of a subscription that nobody is working on is due
SELECT min(due_at) AS due_at FROM deliveries WHERE subscription_id = :subscription_id AND claimed = 0

-- put_off: nobody is working on it until it is due again
UPDATE deliveries
SET claimed = 0, due_at = :due_at, failures = :failures, throttles = :throttles, reason = :reason, phrase = :phrase,
    tried_at = :tried_at
WHERE delivery_id = :delivery_id

-- finish: delivered, or given up
DELETE FROM deliveries WHERE delivery_id = :delivery_id

-- drop_publication: unless somebody has yet to get it
DELETE FROM publications
WHERE message_id = :message_id AND NOT EXISTS (SELECT 1 FROM deliveries WHERE message_id = :message_id)

-- pending: subscriptions with deliveries to make
SELECT DISTINCT subscription_id FROM deliveries WHERE claimed = 0

-- unclaim: after a restart nobody is working on anything
UPDATE deliveries SET claimed = 0 WHERE claimed = 1
