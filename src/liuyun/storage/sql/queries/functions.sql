-- insert: a new function; changes nothing if the name is taken
INSERT INTO functions (account_id, service, name, package, layers, document)
VALUES (:account_id, :service, :name, :package, :layers, :document)
ON CONFLICT (account_id, service, name) DO NOTHING

-- update: replaces what is stored of a function
UPDATE functions SET package = :package, layers = :layers, document = :document
WHERE account_id = :account_id AND service = :service AND name = :name

-- find: one function
SELECT document FROM functions WHERE account_id = :account_id AND service = :service AND name = :name

-- page: functions of a service by name, from one name on, or after another
SELECT document FROM functions
WHERE account_id = :account_id AND service = :service
  AND name >= :start AND name > :after AND substr(name, 1, :prefix_length) = :prefix
ORDER BY name
LIMIT :limit

-- own_page: functions that have a service to themselves, by name, each with that service
SELECT functions.document AS document, services.document AS service FROM functions
JOIN services ON services.account_id = functions.account_id AND services.name = functions.service
WHERE functions.account_id = :account_id AND functions.service = '@' || functions.name
  AND functions.service >= :start AND functions.service > :after AND substr(functions.name, 1, :prefix_length) = :prefix
ORDER BY functions.service
LIMIT :limit

-- everywhere: functions of all services, by service and name, after one of them
SELECT document FROM functions
WHERE account_id = :account_id AND (service > :service OR (service = :service AND name > :name))
ORDER BY service, name
LIMIT :limit

-- names: which functions a service has
SELECT name FROM functions WHERE account_id = :account_id AND service = :service ORDER BY name

-- delete: the function itself
DELETE FROM functions WHERE account_id = :account_id AND service = :service AND name = :name

-- packages: the code that is still needed
SELECT package FROM functions
UNION SELECT package FROM version_functions
UNION SELECT layers AS package FROM functions
UNION SELECT layers AS package FROM version_functions
UNION SELECT package FROM layer_versions
