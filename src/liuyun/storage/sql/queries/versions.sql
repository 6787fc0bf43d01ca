-- next_number: the number of a service's next version
INSERT INTO version_numbers (account_id, service, number)
VALUES (:account_id, :service, 1)
ON CONFLICT (account_id, service) DO UPDATE SET number = version_numbers.number + 1
RETURNING number

-- insert: a new version
INSERT INTO versions (account_id, service, number, document, service_document)
VALUES (:account_id, :service, :number, :document, :service_document)

-- copy_functions: the functions of a service as they are now, for a version
INSERT INTO version_functions (account_id, service, number, name, package, layers, document)
SELECT account_id, service, :number, name, package, layers, document
FROM functions WHERE account_id = :account_id AND service = :service

-- find: one version
SELECT document FROM versions WHERE account_id = :account_id AND service = :service AND number = :number

-- find_service: the service as it is in a version
SELECT service_document FROM versions WHERE account_id = :account_id AND service = :service AND number = :number

-- find_function: a function as it is in a version
SELECT document FROM version_functions
WHERE account_id = :account_id AND service = :service AND number = :number AND name = :name

-- function_page: functions of a version by name, from one name on, or after another
SELECT document FROM version_functions
WHERE account_id = :account_id AND service = :service AND number = :number
  AND name >= :start AND name > :after AND substr(name, 1, :prefix_length) = :prefix
ORDER BY name
LIMIT :limit

-- newest: versions from the newest down
SELECT document FROM versions
WHERE account_id = :account_id AND service = :service AND number <= :start AND number < :after
ORDER BY number DESC
LIMIT :limit

-- oldest: versions from the oldest up
SELECT document FROM versions
WHERE account_id = :account_id AND service = :service AND number >= :start AND number > :after
ORDER BY number
LIMIT :limit

-- count: how many versions a service has
SELECT COUNT(*) AS n FROM versions WHERE account_id = :account_id AND service = :service

-- delete: the version itself
DELETE FROM versions WHERE account_id = :account_id AND service = :service AND number = :number

-- delete_functions: what a version kept of functions
DELETE FROM version_functions WHERE account_id = :account_id AND service = :service AND number = :number

-- delete_all: all versions of a service
DELETE FROM versions WHERE account_id = :account_id AND service = :service

-- delete_all_functions: what all versions of a service kept of functions
DELETE FROM version_functions WHERE account_id = :account_id AND service = :service

-- delete_number: begins the numbers of a service anew
DELETE FROM version_numbers WHERE account_id = :account_id AND service = :service
