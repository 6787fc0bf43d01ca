-- insert: an upload begins
INSERT INTO uploads (upload_id, bucket, key, document) VALUES (:upload_id, :bucket, :key, :document)

-- find: one upload
SELECT document FROM uploads WHERE upload_id = :upload_id

-- page: uploads into a bucket by key, after another
SELECT document FROM uploads
WHERE bucket = :bucket AND (key, upload_id) > (:key, :upload_id)
ORDER BY key, upload_id
LIMIT :limit

-- delete: the upload itself
DELETE FROM uploads WHERE upload_id = :upload_id

-- put_part: a part arrives, or takes the place of one
INSERT INTO upload_parts (upload_id, number, blob, document) VALUES (:upload_id, :number, :blob, :document)
ON CONFLICT (upload_id, number) DO UPDATE SET blob = excluded.blob, document = excluded.document

-- find_part: one part
SELECT document FROM upload_parts WHERE upload_id = :upload_id AND number = :number

-- parts: the parts of an upload by number, after another
SELECT document FROM upload_parts WHERE upload_id = :upload_id AND number > :after ORDER BY number LIMIT :limit

-- delete_parts: all parts of an upload
DELETE FROM upload_parts WHERE upload_id = :upload_id
