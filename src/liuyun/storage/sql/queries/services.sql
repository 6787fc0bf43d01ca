-- insert: a new service; changes nothing if the name is taken
INSERT INTO services (account_id, name, document)
VALUES (:account_id, :name, :document)
ON CONFLICT (account_id, name) DO NOTHING

-- update: replaces what is stored of a service
UPDATE services SET document = :document WHERE account_id = :account_id AND name = :name

-- find: one service
SELECT document FROM services WHERE account_id = :account_id AND name = :name

-- page: services by name, from one name on, or after another; not those that a function has to itself
SELECT document FROM services
WHERE account_id = :account_id AND name NOT LIKE '@%' AND name >= :start AND name > :after AND substr(name, 1, :prefix_length) = :prefix
ORDER BY name
LIMIT :limit

-- delete: the service itself
DELETE FROM services WHERE account_id = :account_id AND name = :name

-- tags: all tags of a service
SELECT name, value FROM service_tags WHERE account_id = :account_id AND service = :service ORDER BY name

-- set_tag: adds a tag or changes its value
INSERT INTO service_tags (account_id, service, name, value)
VALUES (:account_id, :service, :name, :value)
ON CONFLICT (account_id, service, name) DO UPDATE SET value = excluded.value

-- delete_tag: removes one tag
DELETE FROM service_tags WHERE account_id = :account_id AND service = :service AND name = :name

-- delete_tags: removes all tags of a service
DELETE FROM service_tags WHERE account_id = :account_id AND service = :service
