-- The ledger of one environment: what happened. Format 1. Beside it stands the index (index.sql),
-- which git gives back; what is here nothing can. Who reads and writes it: registry/ledger/*.h.

PRAGMA application_id = 0x47524e52; -- "GRNR"
PRAGMA user_version = 1;

-- Every operation, in order. `hash` covers `entry` and `previous`, the hash of the row before
-- (zeros in front of the first), so that no row can be changed or taken out unnoticed.
CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    entry TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL CHECK (hash GLOB 'sha256:*' AND length(hash) = 71)
) STRICT;

CREATE TRIGGER audit_follows BEFORE INSERT ON audit
WHEN NEW.sequence IS NOT coalesce((SELECT max(sequence) FROM audit), 0) + 1
  OR NEW.previous IS NOT coalesce(
         (SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1),
         'sha256:0000000000000000000000000000000000000000000000000000000000000000')
BEGIN
    SELECT RAISE(ABORT, 'the audit row does not follow the last one');
END;

CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;

CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
