-- insert_bucket: a new bucket; changes nothing if the name is taken
INSERT INTO buckets (name, account_id, document) VALUES (:name, :account_id, :document) ON CONFLICT (name) DO NOTHING

-- find_bucket: one bucket
SELECT document FROM buckets WHERE name = :name

-- page_buckets: an account's buckets by name, after another
SELECT document FROM buckets
WHERE account_id = :account_id AND name > :after AND substr(name, 1, :prefix_length) = :prefix
ORDER BY name
LIMIT :limit

-- delete_bucket: the bucket itself
DELETE FROM buckets WHERE name = :name

-- put: a new object, or what takes the place of one
INSERT INTO objects (bucket, key, blob, document) VALUES (:bucket, :key, :blob, :document)
ON CONFLICT (bucket, key) DO UPDATE SET blob = excluded.blob, document = excluded.document

-- find: one object
SELECT document FROM objects WHERE bucket = :bucket AND key = :key

-- page: objects by key, after another; keys with a prefix lie between it and its end
SELECT document FROM objects
WHERE bucket = :bucket AND key > :after AND key >= :prefix AND substr(key, 1, :prefix_length) = :prefix
ORDER BY key
LIMIT :limit

-- delete: the object itself
DELETE FROM objects WHERE bucket = :bucket AND key = :key

-- blobs: which contents are still needed, of those whose name begins alike
SELECT blob FROM objects WHERE blob >= :start AND blob < :end
UNION ALL SELECT blob FROM upload_parts WHERE blob >= :start AND blob < :end
