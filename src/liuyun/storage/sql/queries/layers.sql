-- next_number: the number of a layer's next version
INSERT INTO layers (account_id, name, number, public)
VALUES (:account_id, :name, 1, FALSE)
ON CONFLICT (account_id, name) DO UPDATE SET number = layers.number + 1
RETURNING number

-- insert: a new version
INSERT INTO layer_versions (account_id, name, number, package, document)
VALUES (:account_id, :name, :number, :package, :document)

-- find: one version
SELECT document FROM layer_versions WHERE account_id = :account_id AND name = :name AND number = :number

-- newest: versions of a layer from one down
SELECT document FROM layer_versions
WHERE account_id = :account_id AND name = :name AND number <= :start
ORDER BY number DESC
LIMIT :limit

-- page: layers by name with their newest version, from one name on, or after another
SELECT layer_versions.document, layers.public
FROM layers
JOIN layer_versions ON layer_versions.account_id = layers.account_id AND layer_versions.name = layers.name
WHERE layers.account_id = :account_id
  AND layer_versions.number = (
    SELECT MAX(others.number) FROM layer_versions AS others
    WHERE others.account_id = layers.account_id AND others.name = layers.name
  )
  AND layers.name >= :start AND layers.name > :after AND substr(layers.name, 1, :prefix_length) = :prefix
  AND (layers.public OR NOT :public)
ORDER BY layers.name
LIMIT :limit

-- is_public: whether everybody may use a layer
SELECT public FROM layers WHERE account_id = :account_id AND name = :name

-- set_public: lets everybody use a layer, or its owner alone
UPDATE layers SET public = :public WHERE account_id = :account_id AND name = :name

-- count: how many versions a layer has
SELECT COUNT(*) AS n FROM layer_versions WHERE account_id = :account_id AND name = :name

-- delete: the version itself
DELETE FROM layer_versions WHERE account_id = :account_id AND name = :name AND number = :number
