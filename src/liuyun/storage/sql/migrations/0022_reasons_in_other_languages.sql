-- Why a delivery's last try was in vain, as JSON from which other languages are made; empty if these are others' words.
ALTER TABLE deliveries ADD COLUMN phrase TEXT NOT NULL DEFAULT '';
