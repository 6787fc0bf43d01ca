-- put: from now on a timer is due at this time
INSERT INTO trigger_timers (account_id, service, function, name, schedule, next_at)
VALUES (:account_id, :service, :function, :name, :schedule, :next_at)
ON CONFLICT (account_id, service, function, name) DO UPDATE SET schedule = excluded.schedule, next_at = excluded.next_at

-- due: timers whose time has come, with their triggers
SELECT t.account_id, t.service, t.function, t.name, t.schedule, t.next_at, g.document
FROM trigger_timers t LEFT JOIN triggers g
  ON g.account_id = t.account_id AND g.service = t.service AND g.function = t.function AND g.name = t.name
WHERE t.next_at <= :now
ORDER BY t.next_at
LIMIT :limit

-- advance: it is due again later
UPDATE trigger_timers SET next_at = :next_at
WHERE account_id = :account_id AND service = :service AND function = :function AND name = :name

-- drop: it is never due again
DELETE FROM trigger_timers WHERE account_id = :account_id AND service = :service AND function = :function AND name = :name

-- next: when the next timer is due
SELECT min(next_at) AS next_at FROM trigger_timers

-- every: all timers and their schedules
SELECT account_id, service, function, name, schedule FROM trigger_timers
