-- The index of an environment's git store, in its ledger: where things are. Made anew, empty, when
-- any of it is missing, and filled again from git. Who reads and writes it: registry/ledger/*.h.

DROP TABLE IF EXISTS live_use;
DROP TABLE IF EXISTS emergency;
DROP TABLE IF EXISTS version;
DROP TABLE IF EXISTS artifact;
DROP TABLE IF EXISTS tip;

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

-- One row for each emergency release that was not made up for.
CREATE TABLE emergency (
    artifact TEXT NOT NULL,
    version INTEGER NOT NULL,
    until INTEGER NOT NULL, -- when its time is over, seconds since 1970
    PRIMARY KEY (artifact, version)
) STRICT, WITHOUT ROWID;

-- One row for each artifact that something live names in its "uses", so that who would miss it is
-- known without reading everything that is live.
CREATE TABLE live_use (
    user TEXT NOT NULL, -- kind/name of what is live
    used TEXT NOT NULL, -- kind/name of what it uses, live or not
    PRIMARY KEY (user, used)
) STRICT, WITHOUT ROWID;

CREATE INDEX live_use_used ON live_use (used);
