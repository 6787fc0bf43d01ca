-- insert_user: a new user; changes nothing if the name is taken
INSERT INTO users (name, document) VALUES (:name, :document) ON CONFLICT (name) DO NOTHING

-- update_user: replaces what is stored of a user
UPDATE users SET document = :document WHERE name = :name

-- user: one user
SELECT document FROM users WHERE name = :name

-- users: all users by name
SELECT document FROM users ORDER BY name

-- delete_user: the user itself
DELETE FROM users WHERE name = :name

-- insert_session: somebody signed in
INSERT INTO sessions (token, user_name, expires_at, document) VALUES (:token, :user_name, :expires_at, :document)

-- session: by the hash of its token
SELECT document FROM sessions WHERE token = :token

-- extend_session: it was used, and ends later
UPDATE sessions SET expires_at = :expires_at, document = :document WHERE token = :token

-- delete_session: signed out
DELETE FROM sessions WHERE token = :token

-- delete_sessions_of: all of one user
DELETE FROM sessions WHERE user_name = :user_name

-- expire_sessions: those whose time is over
DELETE FROM sessions WHERE expires_at <= :now

-- last_audit: the newest number of the audit log, 0 for none
SELECT coalesce(max(sequence), 0) AS sequence FROM audit

-- add_audit: one change that somebody made
INSERT INTO audit (sequence, at, actor, action, document) VALUES (:sequence, :at, :actor, :action, :document)

-- audit: changes before a number, the newest first, of an actor and an action or of all ('')
SELECT document FROM audit
WHERE sequence < :before AND (:actor = '' OR actor = :actor) AND (:action = '' OR action = :action)
ORDER BY sequence DESC
LIMIT :limit

-- drop_audit: what is too old
DELETE FROM audit WHERE at < :before
