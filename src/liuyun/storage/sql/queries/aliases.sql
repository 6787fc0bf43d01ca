-- insert: a new alias; changes nothing if the name is taken
INSERT INTO aliases (account_id, service, name, document)
VALUES (:account_id, :service, :name, :document)
ON CONFLICT (account_id, service, name) DO NOTHING

-- update: replaces what is stored of an alias
UPDATE aliases SET document = :document WHERE account_id = :account_id AND service = :service AND name = :name

-- find: one alias
SELECT document FROM aliases WHERE account_id = :account_id AND service = :service AND name = :name

-- page: aliases of a service by name, from one name on, or after another
SELECT document FROM aliases
WHERE account_id = :account_id AND service = :service
  AND name >= :start AND name > :after AND substr(name, 1, :prefix_length) = :prefix
ORDER BY name
LIMIT :limit

-- every: all aliases of a service
SELECT document FROM aliases WHERE account_id = :account_id AND service = :service ORDER BY name

-- delete: the alias itself
DELETE FROM aliases WHERE account_id = :account_id AND service = :service AND name = :name

-- delete_all: all aliases of a service
DELETE FROM aliases WHERE account_id = :account_id AND service = :service
