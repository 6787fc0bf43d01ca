-- insert: a new trigger; changes nothing if the name is taken
INSERT INTO triggers (account_id, service, function, name, kind, qualifier, document)
VALUES (:account_id, :service, :function, :name, :kind, :qualifier, :document)
ON CONFLICT (account_id, service, function, name) DO NOTHING

-- update: replaces what is stored of a trigger
UPDATE triggers SET qualifier = :qualifier, document = :document
WHERE account_id = :account_id AND service = :service AND function = :function AND name = :name

-- find: one trigger
SELECT document FROM triggers
WHERE account_id = :account_id AND service = :service AND function = :function AND name = :name

-- find_kind: the triggers of one kind on one version of a function
SELECT document FROM triggers
WHERE account_id = :account_id AND service = :service AND function = :function
  AND kind = :kind AND qualifier = :qualifier

-- using: one of the triggers that call a service's functions by a qualifier
SELECT document FROM triggers
WHERE account_id = :account_id AND service = :service AND qualifier = :qualifier
LIMIT 1

-- page: triggers of a function by name, from one name on, or after another
SELECT document FROM triggers
WHERE account_id = :account_id AND service = :service AND function = :function
  AND name >= :start AND name > :after AND substr(name, 1, :prefix_length) = :prefix
ORDER BY name
LIMIT :limit

-- count: how many triggers a function has
SELECT COUNT(*) AS n FROM triggers WHERE account_id = :account_id AND service = :service AND function = :function

-- every: all triggers of the installation, a page at a time
SELECT document FROM triggers
WHERE (account_id, service, function, name) > (:account_id, :service, :function, :name)
ORDER BY account_id, service, function, name
LIMIT :limit

-- delete: the trigger itself
DELETE FROM triggers
WHERE account_id = :account_id AND service = :service AND function = :function AND name = :name
