-- What came of a delivery's last try; empty before the first one.
ALTER TABLE deliveries ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN tried_at BIGINT;
