-- put: sets a configuration, whether there was one or not
INSERT INTO configurations (account_id, service, function, qualifier, kind, document)
VALUES (:account_id, :service, :function, :qualifier, :kind, :document)
ON CONFLICT (account_id, service, function, qualifier, kind) DO UPDATE SET document = excluded.document

-- find: one configuration
SELECT document FROM configurations
WHERE account_id = :account_id AND service = :service AND function = :function
  AND qualifier = :qualifier AND kind = :kind

-- every: all configurations of the installation
SELECT document FROM configurations ORDER BY account_id, service, function, qualifier, kind

-- of_function: all configurations of a function
SELECT document FROM configurations WHERE account_id = :account_id AND service = :service AND function = :function

-- of_qualifier: all configurations of a service's functions under one qualifier
SELECT document FROM configurations WHERE account_id = :account_id AND service = :service AND qualifier = :qualifier

-- delete: the configuration itself
DELETE FROM configurations
WHERE account_id = :account_id AND service = :service AND function = :function
  AND qualifier = :qualifier AND kind = :kind
