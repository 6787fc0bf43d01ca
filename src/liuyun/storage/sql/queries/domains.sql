-- insert: a new domain; changes nothing if the name is taken
INSERT INTO domains (name, account_id, document) VALUES (:name, :account_id, :document) ON CONFLICT (name) DO NOTHING

-- update: replaces what is stored of a domain
UPDATE domains SET document = :document WHERE name = :name

-- find: one domain of an account
SELECT document FROM domains WHERE account_id = :account_id AND name = :name

-- every: all domains of the installation
SELECT document FROM domains ORDER BY name

-- page: domains of an account by name, from one name on, or after another
SELECT document FROM domains
WHERE account_id = :account_id AND name >= :start AND name > :after AND substr(name, 1, :prefix_length) = :prefix
ORDER BY name
LIMIT :limit

-- delete: the domain itself
DELETE FROM domains WHERE account_id = :account_id AND name = :name
