-- fact: one fact of the installation
SELECT value FROM facts WHERE name = :name

-- set_fact: writes a fact, replacing what it was
INSERT INTO facts (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
