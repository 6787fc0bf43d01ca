-- insert: a new key
INSERT INTO access_keys (access_key_id, user_name, document) VALUES (:access_key_id, :user_name, :document)

-- update: replaces what is stored of a key
UPDATE access_keys SET document = :document WHERE access_key_id = :access_key_id

-- one: one key
SELECT document FROM access_keys WHERE access_key_id = :access_key_id

-- all: all keys by user
SELECT document FROM access_keys ORDER BY user_name, access_key_id

-- count_of: how many keys a user has
SELECT count(*) AS keys FROM access_keys WHERE user_name = :user_name

-- delete: the key itself
DELETE FROM access_keys WHERE access_key_id = :access_key_id

-- delete_of: all keys of one user
DELETE FROM access_keys WHERE user_name = :user_name

-- used: a key was used at this time
INSERT INTO access_key_uses (access_key_id, used_at) VALUES (:access_key_id, :used_at)
ON CONFLICT (access_key_id) DO UPDATE SET used_at = excluded.used_at

-- uses: when each key was last used
SELECT access_key_id, used_at FROM access_key_uses

-- forget_uses: of keys that are gone
DELETE FROM access_key_uses
WHERE access_key_id <> :root AND access_key_id NOT IN (SELECT access_key_id FROM access_keys)
