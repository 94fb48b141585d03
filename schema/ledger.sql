-- The ledger of one environment: what happened, and an index of its git store that can be rebuilt.
-- Format 1. The audit is only ever appended to; the other tables are emptied and filled again from
-- git by `greenroom reindex`. Who reads and writes each of them: registry/ledger/*.h.

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

-- How far the index has followed each branch of the store.
CREATE TABLE tip (
    ref TEXT PRIMARY KEY,
    commit_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row for each artifact, so that a listing need not look at all versions.
CREATE TABLE artifact (
    artifact TEXT PRIMARY KEY, -- kind/name
    latest INTEGER NOT NULL,   -- its highest version
    live INTEGER NOT NULL,     -- the version that callers get; 0: none
    live_since INTEGER NOT NULL -- seconds since 1970; 0: none
) STRICT, WITHOUT ROWID;

-- One row for each version: a draft in a sandbox, a release in a live environment.
CREATE TABLE version (
    artifact TEXT NOT NULL REFERENCES artifact,
    version INTEGER NOT NULL CHECK (version > 0),
    digest TEXT NOT NULL CHECK (digest GLOB 'sha256:*' AND length(digest) = 71),
    content_id TEXT NOT NULL, -- git object ids
    commit_id TEXT NOT NULL,
    tag_id TEXT NOT NULL,
    author TEXT NOT NULL,
    approver TEXT NOT NULL,
    time INTEGER NOT NULL, -- published or released, seconds since 1970
    note TEXT NOT NULL,
    PRIMARY KEY (artifact, version)
) STRICT, WITHOUT ROWID;
