// Backups: an environment as a few files, taken while others read and write it:
//
//   backup.json        {"format":1,"made_at","environment":<id>,"name","class",
//                      "audit":"<sequence>:<hash>"}
//   environment.json   as it stands in the environment's folder
//   store.bundle       every ref and all that they reach, as a git bundle
//   ledger.db          by SQLite's backup interface
//
// So stock tools can read all of it: tar, `git clone`, `sqlite3`.
#pragma once

#include <stdint.h>

#include "artifact/content.h"
#include "artifact/digest.h"
#include "base/error.h"
#include "release/environment.h"

#define BACKUP_DOCUMENT "backup.json"
#define BACKUP_IDENTITY "environment.json"
#define BACKUP_STORE "store.bundle"
#define BACKUP_LEDGER "ledger.db"

// One entry of the audit, as somebody keeps it elsewhere: "<sequence>:<hash in hex>".
struct backup_head {
    int64_t sequence;
    struct digest hash;
};
#define BACKUP_HEAD_BYTES (20 + 1 + DIGEST_HEX_BYTES)
void backup_head_format(const struct backup_head *head, char out[BACKUP_HEAD_BYTES]);

// Also with a blank for the colon (as commits of `live` write it) and with "sha256:" before the
// hash (as `greenroom audit` does). STATUS_INVALID otherwise.
enum status backup_head_parse(struct backup_head *out, const char *text, struct error *err);

// The ledger's last entry.
enum status backup_head_read(struct backup_head *out, struct environment *environment,
                             struct error *err);

// What a backup says of itself.
struct backup {
    struct environment_identity identity;
    int64_t made_at;
    struct backup_head head;
};

// Nobody writes for the moment in which refs and ledger are noted; the objects are gathered
// afterwards. The files wait in $TMPDIR. STATUS_TOO_LARGE when one would have more bytes than
// content may hold (artifact/content.h).
enum status backup_make(struct content *out, struct backup *out_backup,
                        struct environment *environment, struct error *err);

// Reads what a backup's files say of themselves; STATUS_INVALID when they are none.
enum status backup_read(struct backup *out, const struct content *content, struct error *err);
