-- A queue's id is drawn at random and never used again.
CREATE TABLE queues (
    queue_id             BIGINT PRIMARY KEY,
    account_id           TEXT NOT NULL,
    name                 TEXT NOT NULL,
    delay_s              INTEGER NOT NULL,
    max_message_bytes    INTEGER NOT NULL,
    retention_s          INTEGER NOT NULL,
    visibility_timeout_s INTEGER NOT NULL,
    polling_wait_s       INTEGER NOT NULL,
    logging_enabled      BOOLEAN NOT NULL,
    created_at           BIGINT NOT NULL,
    updated_at           BIGINT NOT NULL,
    UNIQUE (account_id, name)
);

-- Deleted queues whose messages are being cleared away.
CREATE TABLE deleted_queues (
    queue_id BIGINT PRIMARY KEY
);

-- A message is ready, or it waits for `visible_at`: delayed (received_count = 0) or held by a receiver. The wide body
-- stands last, so that reading the other columns doesn't walk over it.
CREATE TABLE messages (
    sequence          INTEGER PRIMARY KEY,
    queue_id          BIGINT NOT NULL,
    message_id        TEXT NOT NULL,
    ready             INTEGER NOT NULL,
    priority          INTEGER NOT NULL,
    visible_at        BIGINT NOT NULL,
    received_count    INTEGER NOT NULL,
    first_received_at BIGINT,
    receipt           TEXT NOT NULL,
    enqueued_at       BIGINT NOT NULL,
    expires_at        BIGINT NOT NULL,
    body_md5          TEXT NOT NULL,
    properties        TEXT NOT NULL,
    body              TEXT NOT NULL
);
CREATE INDEX messages_ready ON messages (queue_id, priority, sequence, expires_at) WHERE ready = 1;
CREATE INDEX messages_waiting ON messages (queue_id, visible_at, received_count) WHERE ready = 0;
CREATE INDEX messages_by_expiry ON messages (expires_at);

CREATE TABLE topics (
    topic_id          BIGINT PRIMARY KEY,
    account_id        TEXT NOT NULL,
    name              TEXT NOT NULL,
    max_message_bytes INTEGER NOT NULL,
    logging_enabled   BOOLEAN NOT NULL,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    UNIQUE (account_id, name)
);

CREATE TABLE subscriptions (
    subscription_id BIGINT PRIMARY KEY,
    account_id      TEXT NOT NULL,
    topic_id        BIGINT NOT NULL,
    topic           TEXT NOT NULL,
    name            TEXT NOT NULL,
    endpoint        TEXT NOT NULL,
    filter_tag      TEXT NOT NULL,
    strategy        TEXT NOT NULL,
    format          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    UNIQUE (topic_id, name)
);

-- Published messages that somebody has yet to get.
CREATE TABLE publications (
    message_id   TEXT PRIMARY KEY,
    topic_id     BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    body_md5     TEXT NOT NULL,
    tag          TEXT NOT NULL,
    attributes   TEXT NOT NULL,
    body         TEXT NOT NULL
);
CREATE INDEX publications_by_topic ON publications (topic_id);

-- Each is one publication for one subscription. `claimed`: this process is delivering it.
CREATE TABLE deliveries (
    delivery_id     INTEGER PRIMARY KEY,
    subscription_id BIGINT NOT NULL,
    message_id      TEXT NOT NULL,
    claimed         INTEGER NOT NULL,
    due_at          BIGINT NOT NULL,
    failures        INTEGER NOT NULL,
    throttles       INTEGER NOT NULL
);
CREATE INDEX deliveries_due ON deliveries (subscription_id, due_at) WHERE claimed = 0;
CREATE INDEX deliveries_claimed ON deliveries (delivery_id) WHERE claimed = 1;
CREATE INDEX deliveries_by_message ON deliveries (message_id);

-- What an account has set for its message service as a whole.
CREATE TABLE message_accounts (
    account_id     TEXT PRIMARY KEY,
    logging_bucket TEXT NOT NULL
);
